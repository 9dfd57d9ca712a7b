SELECT ChargePeriodStart, BillingPeriodStart, x_BusinessUnit, x_Team, x_Project, x_Model, x_Stage, x_Environment, x_Bucket, x_CostType, x_Scope, x_Pool, x_CostKind, ServiceProviderName, BillingAccountId, BillingAccountName, SubAccountId, SubAccountName, ServiceCategory, ServiceName, RegionId, ChargeCategory, ChargeClass, PricingCategory, CommitmentDiscountStatus, ConsumedUnit, BillingCurrency, x_Source, x_Rules, SUM(BilledCost) AS BilledCost,
  SUM(EffectiveCost) AS EffectiveCost,
  SUM(ListCost) AS ListCost,
  SUM(ContractedCost) AS ContractedCost,
  SUM(ConsumedQuantity) AS ConsumedQuantity,
  SUM(PricingQuantity) AS PricingQuantity,
  CAST(SUM(x_LineItems) AS BIGINT) AS x_LineItems FROM resource_days GROUP BY ChargePeriodStart, BillingPeriodStart, x_BusinessUnit, x_Team, x_Project, x_Model, x_Stage, x_Environment, x_Bucket, x_CostType, x_Scope, x_Pool, x_CostKind, ServiceProviderName, BillingAccountId, BillingAccountName, SubAccountId, SubAccountName, ServiceCategory, ServiceName, RegionId, ChargeCategory, ChargeClass, PricingCategory, CommitmentDiscountStatus, ConsumedUnit, BillingCurrency, x_Source, x_Rules, BilledCost IS NULL, EffectiveCost IS NULL, ListCost IS NULL, ContractedCost IS NULL, ConsumedQuantity IS NULL, PricingQuantity IS NULL ORDER BY ChargePeriodStart
