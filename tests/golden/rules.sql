SELECT base.*, k.x_BusinessUnit, k.x_Team, k.x_Project, k.x_Model, k.x_Stage, k.x_Environment, k.x_Bucket, k.x_CostType, k.x_Scope, k.x_Rules, k.x_Pool FROM
  (SELECT * FROM base_parts) AS base JOIN (SELECT * EXCLUDE (r_x_BusinessUnit, r_x_Team, r_x_Project, r_x_Model, r_x_Stage, r_x_Environment, r_x_Bucket, r_x_CostType, r_x_Scope), CONCAT_WS(',', r_x_BusinessUnit, r_x_Team, r_x_Project, r_x_Model, r_x_Stage, r_x_Environment, r_x_Bucket, r_x_CostType, r_x_Scope) AS x_Rules,
  NULL::VARCHAR AS x_Pool FROM
  (SELECT * REPLACE (COALESCE(x_BusinessUnit, CASE x_Team WHEN 'Search' THEN 'Retail'
  WHEN 'Fraud''s' THEN 'Risk' END) AS x_BusinessUnit,
  CASE WHEN x_BusinessUnit IS NULL AND CASE x_Team WHEN 'Search' THEN 'Retail'
  WHEN 'Fraud''s' THEN 'Risk' END IS NOT NULL THEN 4 ELSE r_x_BusinessUnit END AS r_x_BusinessUnit) FROM
  (SELECT *, NULL::VARCHAR AS x_BusinessUnit,
  CASE r_x_Team WHEN 1 THEN CASE REGEXP_REPLACE(LOWER(COALESCE(NULLIF(TRIM(Tags['user:team']), ''), NULLIF(TRIM(Tags['team']), ''))), '[^\pL\pN]', '', 'g') WHEN 'search' THEN 'Search' WHEN 'searchteam' THEN 'Search'
  WHEN 'srch' THEN 'Search' ELSE TRIM(COALESCE(NULLIF(TRIM(Tags['user:team']), ''), NULLIF(TRIM(Tags['team']), ''))) END WHEN 3 THEN 'Fraud''s' END AS x_Team, CASE r_x_Project
  WHEN 1 THEN TRIM(NULLIF(TRIM(Tags['project']), '')) END AS x_Project,
  NULL::VARCHAR AS x_Model,
  NULL::VARCHAR AS x_Stage,
  NULL::VARCHAR AS x_Environment,
  NULL::VARCHAR AS x_Bucket,
  CASE r_x_CostType WHEN 2 THEN 'Compute' END AS x_CostType, CASE r_x_Scope
  WHEN 2 THEN 'AI' END AS x_Scope FROM
  (SELECT base.*, 0 AS r_x_BusinessUnit,
  CASE WHEN COALESCE(NULLIF(TRIM(Tags['user:team']), ''), NULLIF(TRIM(Tags['team']), '')) IS NOT NULL THEN 1
  WHEN (ServiceName ILIKE '100\%\_fraud' ESCAPE '\') AND (NULLIF(TRIM(Tags['app']), '') ILIKE 'it''s' ESCAPE '\') AND ChargePeriodStart >= DATE '2026-01-01' AND ChargePeriodStart < DATE '2026-07-01' THEN 3 ELSE 0 END AS r_x_Team, CASE
  WHEN NULLIF(TRIM(Tags['project']), '') IS NOT NULL THEN 1 ELSE 0 END AS r_x_Project,
  0 AS r_x_Model,
  0 AS r_x_Stage,
  0 AS r_x_Environment,
  0 AS r_x_Bucket,
  CASE WHEN (x_InstanceType ILIKE 'p5%' ESCAPE '\' OR x_InstanceType ILIKE 'g5.%' ESCAPE '\') THEN 2 ELSE 0 END AS r_x_CostType, CASE
  WHEN (x_InstanceType ILIKE 'p5%' ESCAPE '\' OR x_InstanceType ILIKE 'g5.%' ESCAPE '\') THEN 2 ELSE 0 END AS r_x_Scope FROM
  (SELECT DISTINCT ServiceName AS ServiceName,
  x_InstanceType AS x_InstanceType,
  Tags AS Tags,
  CASE WHEN ChargePeriodStart >= DATE '2026-07-01' THEN DATE '2026-07-01'
  WHEN ChargePeriodStart >= DATE '2026-01-01' THEN DATE '2026-01-01' ELSE DATE '0001-01-01' END AS ChargePeriodStart FROM
  (SELECT * FROM base_parts)) AS base)))) AS k ON base.ServiceName IS NOT DISTINCT FROM k.ServiceName AND base.x_InstanceType IS NOT DISTINCT FROM k.x_InstanceType AND base.Tags IS NOT DISTINCT FROM k.Tags AND CASE WHEN base.ChargePeriodStart >= DATE '2026-07-01' THEN DATE '2026-07-01'
  WHEN base.ChargePeriodStart >= DATE '2026-01-01' THEN DATE '2026-01-01' ELSE DATE '0001-01-01' END IS NOT DISTINCT FROM k.ChargePeriodStart
