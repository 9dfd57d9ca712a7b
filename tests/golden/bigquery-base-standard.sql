SELECT
  billing_account_id,
  invoice_month,
  cost_type,
  service,
  sku_id,
  sku,
  project_id,
  project_name,
  location,
  region,
  resource_name,
  resource,
  currency,
  usage_unit,
  pricing_unit,
  adjustment_id,
  adjustment_mode,
  adjustment_type,
  subscription,
  transaction_type,
  seller_name,
  usage_day,
  label_0,
  label_1,
  label_2,
  machine,
  covered,
  unread_credit,
  CAST(SUM(n_cost) AS STRING) AS cost,
  CAST(SUM(n_cost_at_list) AS STRING) AS cost_at_list,
  CAST(SUM(n_usage_amount) AS STRING) AS usage_amount,
  CAST(SUM(n_pricing_amount) AS STRING) AS pricing_amount,
  CAST(SUM(n_committed_credit) AS STRING) AS committed_credit,
  CAST(SUM(n_other_credit) AS STRING) AS other_credit,
  COUNT(*) AS line_items
FROM (
  SELECT
    billing_account_id AS billing_account_id,
    invoice.month AS invoice_month,
    cost_type AS cost_type,
    service.description AS service,
    sku.id AS sku_id,
    sku.description AS sku,
    project.id AS project_id,
    project.name AS project_name,
    location.location AS location,
    location.region AS region,
    CAST(NULL AS STRING) AS resource_name,
    CAST(NULL AS STRING) AS resource,
    currency AS currency,
    usage.unit AS usage_unit,
    usage.pricing_unit AS pricing_unit,
    adjustment_info.id AS adjustment_id,
    adjustment_info.mode AS adjustment_mode,
    adjustment_info.type AS adjustment_type,
    CAST(NULL AS STRING) AS subscription,
    transaction_type AS transaction_type,
    seller_name AS seller_name,
    CAST(DATE(usage_start_time, 'UTC') AS STRING) AS usage_day,
    (
      SELECT
        MAX(e.value)
      FROM UNNEST(labels) AS e
      WHERE
        e.key = 'team'
    ) AS label_0,
    (
      SELECT
        MAX(e.value)
      FROM UNNEST(tags) AS e
      WHERE
        e.key = 'env'
    ) AS label_1,
    (
      SELECT
        MAX(e.value)
      FROM UNNEST(labels) AS e
      WHERE
        e.key = 'o\'k'
    ) AS label_2,
    (
      SELECT
        MAX(e.value)
      FROM UNNEST(system_labels) AS e
      WHERE
        e.key = 'compute.googleapis.com/machine_spec'
    ) AS machine,
    CASE
      WHEN (
        SELECT
          COUNT(*)
        FROM UNNEST(credits) AS c
        WHERE
          c.type LIKE 'COMMITTED_USAGE_DISCOUNT%'
      ) > 0
      THEN 'yes'
    END AS covered,
    CASE
      WHEN (
        SELECT
          COUNT(*)
        FROM UNNEST(credits) AS c
        WHERE
          ROUND(
            SAFE_CAST(CAST(CASE
              WHEN LENGTH(FORMAT('%.16g', c.amount)) < LENGTH(CAST(c.amount AS STRING))
              AND SAFE_CAST(FORMAT('%.16g', c.amount) AS FLOAT64) = c.amount
              THEN FORMAT('%.16g', c.amount)
              ELSE CAST(c.amount AS STRING)
            END AS STRING) AS BIGNUMERIC),
            18
          ) IS NULL
      ) > 0
      THEN 'yes'
    END AS unread_credit,
    ROUND(
      SAFE_CAST(CAST(CASE
        WHEN LENGTH(FORMAT('%.16g', cost)) < LENGTH(CAST(cost AS STRING))
        AND SAFE_CAST(FORMAT('%.16g', cost) AS FLOAT64) = cost
        THEN FORMAT('%.16g', cost)
        ELSE CAST(cost AS STRING)
      END AS STRING) AS BIGNUMERIC),
      18
    ) AS n_cost,
    ROUND(
      SAFE_CAST(CAST(CASE
        WHEN LENGTH(FORMAT('%.16g', cost_at_list)) < LENGTH(CAST(cost_at_list AS STRING))
        AND SAFE_CAST(FORMAT('%.16g', cost_at_list) AS FLOAT64) = cost_at_list
        THEN FORMAT('%.16g', cost_at_list)
        ELSE CAST(cost_at_list AS STRING)
      END AS STRING) AS BIGNUMERIC),
      18
    ) AS n_cost_at_list,
    ROUND(
      SAFE_CAST(CAST(CASE
        WHEN LENGTH(FORMAT('%.16g', usage.amount)) < LENGTH(CAST(usage.amount AS STRING))
        AND SAFE_CAST(FORMAT('%.16g', usage.amount) AS FLOAT64) = usage.amount
        THEN FORMAT('%.16g', usage.amount)
        ELSE CAST(usage.amount AS STRING)
      END AS STRING) AS BIGNUMERIC),
      18
    ) AS n_usage_amount,
    ROUND(
      SAFE_CAST(CAST(CASE
        WHEN LENGTH(FORMAT('%.16g', usage.amount_in_pricing_units)) < LENGTH(CAST(usage.amount_in_pricing_units AS STRING))
        AND SAFE_CAST(FORMAT('%.16g', usage.amount_in_pricing_units) AS FLOAT64) = usage.amount_in_pricing_units
        THEN FORMAT('%.16g', usage.amount_in_pricing_units)
        ELSE CAST(usage.amount_in_pricing_units AS STRING)
      END AS STRING) AS BIGNUMERIC),
      18
    ) AS n_pricing_amount,
    (
      SELECT
        SUM(
          ROUND(
            SAFE_CAST(CAST(CASE
              WHEN LENGTH(FORMAT('%.16g', c.amount)) < LENGTH(CAST(c.amount AS STRING))
              AND SAFE_CAST(FORMAT('%.16g', c.amount) AS FLOAT64) = c.amount
              THEN FORMAT('%.16g', c.amount)
              ELSE CAST(c.amount AS STRING)
            END AS STRING) AS BIGNUMERIC),
            18
          )
        )
      FROM UNNEST(credits) AS c
      WHERE
        c.type LIKE 'COMMITTED_USAGE_DISCOUNT%'
    ) AS n_committed_credit,
    (
      SELECT
        SUM(
          ROUND(
            SAFE_CAST(CAST(CASE
              WHEN LENGTH(FORMAT('%.16g', c.amount)) < LENGTH(CAST(c.amount AS STRING))
              AND SAFE_CAST(FORMAT('%.16g', c.amount) AS FLOAT64) = c.amount
              THEN FORMAT('%.16g', c.amount)
              ELSE CAST(c.amount AS STRING)
            END AS STRING) AS BIGNUMERIC),
            18
          )
        )
      FROM UNNEST(credits) AS c
      WHERE
        c.type IS NULL OR NOT c.type LIKE 'COMMITTED_USAGE_DISCOUNT%'
    ) AS n_other_credit
  FROM `acme-billing.export.gcp_billing_export_resource_v1_01AB`
  WHERE
    export_time >= CAST('2026-07-01 00:00:00+00' AS TIMESTAMP)
    AND export_time < CAST('2026-12-02 00:00:00+00' AS TIMESTAMP)
    AND invoice.month >= '202608'
    AND invoice.month < '202610'
) AS line
GROUP BY
  billing_account_id,
  invoice_month,
  cost_type,
  service,
  sku_id,
  sku,
  project_id,
  project_name,
  location,
  region,
  resource_name,
  resource,
  currency,
  usage_unit,
  pricing_unit,
  adjustment_id,
  adjustment_mode,
  adjustment_type,
  subscription,
  transaction_type,
  seller_name,
  usage_day,
  label_0,
  label_1,
  label_2,
  machine,
  covered,
  unread_credit,
  n_cost IS NULL,
  n_cost_at_list IS NULL,
  n_usage_amount IS NULL,
  n_pricing_amount IS NULL
