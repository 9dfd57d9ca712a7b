SELECT
  invoice_month,
  COUNT(*) AS line_items,
  MAX(exported_at) AS exported,
  CAST(MIN(partition_day) AS STRING) AS first_day,
  CAST(MAX(partition_day) AS STRING) AS last_day,
  CAST(SUM(n_cost) AS STRING) AS cost,
  CAST(SUM(n_credits) AS STRING) AS credits
FROM (
  SELECT
    invoice.month AS invoice_month,
    FORMAT_TIMESTAMP('%F %H:%M:%E6S', export_time, 'UTC') AS exported_at,
    DATE(_PARTITIONTIME, 'UTC') AS partition_day,
    ROUND(
      SAFE_CAST(CAST(CASE
        WHEN LENGTH(FORMAT('%.16g', cost)) < LENGTH(CAST(cost AS STRING))
        AND SAFE_CAST(FORMAT('%.16g', cost) AS FLOAT64) = cost
        THEN FORMAT('%.16g', cost)
        ELSE CAST(cost AS STRING)
      END AS STRING) AS BIGNUMERIC),
      18
    ) AS n_cost,
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
    ) AS n_credits
  FROM `acme-billing.export.gcp_billing_export_resource_v1_01AB`
  WHERE
    _PARTITIONTIME >= CAST('2026-07-01 00:00:00+00' AS TIMESTAMP)
    AND _PARTITIONTIME < CAST('2026-12-02 00:00:00+00' AS TIMESTAMP)
    AND (
      invoice.month IS NULL
      OR (
        invoice.month >= '202608' AND invoice.month < '202610'
      )
    )
) AS line
GROUP BY
  invoice_month
