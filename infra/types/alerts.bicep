metadata description = 'Types of the alert rules: infra/alerts/alerts.json, and what a parameter may change about them.'

@export()
@description('How an alert rule aggregates its measure.')
type aggregation = 'Count' | 'Total' | 'Maximum' | 'Minimum' | 'Average'

@export()
@description('How an alert rule compares with its threshold.')
type comparison = 'GreaterThan' | 'GreaterThanOrEqual' | 'LessThan' | 'LessThanOrEqual' | 'Equals'

@export()
@description('A column that an alert rule splits by: one alert for each of its values.')
type alertDimension = {
  @description('Name of the column.')
  name: string

  @description('Which values count.')
  operator: 'Include' | 'Exclude'

  @description('The values; * stands for all.')
  values: string[]
}

@export()
@description('Severity of Azure Monitor: 0 is critical, 1 an error, 2 a warning, 3 information.')
@minValue(0)
@maxValue(4)
type severity = int

@export()
@description('Changes to one alert rule. A property that is absent keeps the value of infra/alerts/alerts.json.')
@sealed()
type alertOverride = {
  @description('Whether the rule is on.')
  enabled: bool?

  @description('Severity.')
  severity: severity?

  @description('Threshold.')
  threshold: int?

  @description('How often the rule is evaluated: an ISO 8601 duration.')
  evaluationFrequency: string?

  @description('The time range that its query reads: an ISO 8601 duration.')
  windowSize: string?

  @description('Text for the action groups; docs/alerts-that-act.md says what the app reads.')
  customProperties: { *: string }?

  @description('Resource ids of action groups that get this alert in addition to those of all rules.')
  actionGroupIds: string[]?
}

@export()
@description('Changes to alert rules, by the name of the rule.')
type alertOverrides = { *: alertOverride }
