// The app manages the fleets below two management groups; their roles are in management-group-roles.bicepparam.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param managementGroupIds = [
  'platform'
  'retail'
]
param alertActionGroupIds = [
  '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/oncall/providers/Microsoft.Insights/actionGroups/pager'
]
