metadata description = 'Metric alerts on the platform that the app runs on. They work while the app is down. docs/runbook.md says what to do.'

import { tagMap } from '../types/app.bicep'

@description('What identifies the installation; part of the names of the rules.')
param installation string

@description('Tags of every resource.')
param tags tagMap

@description('Resource id of the Function app.')
param functionAppId string

@description('Resource id of the storage account.')
param storageAccountId string

@description('Memory of an instance, in MB.')
param instanceMemoryMB int

@description('Resource ids of the action groups that get every alert.')
param actionGroupIds string[]

@description('Address of docs/runbook.md, for the description of each alert; empty if it is not published.')
param runbookUrl string

// Metrics of Flex Consumption and of storage accounts, as Azure Monitor lists them:
// https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-web-sites-metrics
// https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-storage-storageaccounts-metrics
// That list has Http5xx and MemoryWorkingSet for function apps, and does not say which hosting plans emit them.
var rules = [
  {
    name: 'app-server-errors'
    title: 'The app returns server errors'
    description: 'More than ten requests in fifteen minutes ended with a status of 500 or more. See the exceptions of the functions, then the logs of the host.'
    severity: 2
    scope: functionAppId
    namespace: 'Microsoft.Web/sites'
    metric: 'Http5xx'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    split: []
  }
  {
    name: 'app-memory'
    title: 'An instance of the app is short of memory'
    description: 'An instance has used more than 90% of its memory for fifteen minutes. Choose a larger instance.'
    severity: 2
    scope: functionAppId
    namespace: 'Microsoft.Web/sites'
    metric: 'MemoryWorkingSet'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: instanceMemoryMB * 1024 * 1024 / 10 * 9
    split: ['Instance']
  }
  {
    name: 'storage-availability'
    title: 'The storage account is not available'
    description: 'Less than 99% of the calls to the storage account succeeded in fifteen minutes. See Azure status and the health of the resource.'
    severity: 1
    scope: storageAccountId
    namespace: 'Microsoft.Storage/storageAccounts'
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    split: []
  }
]

var actions = [for id in actionGroupIds: { actionGroupId: id }]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for rule in rules: {
    name: 'fleet-auto-upgrade-${installation}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: join(
        concat(['${rule.title}. ${rule.description}'], empty(runbookUrl) ? [] : ['${runbookUrl}#${rule.name}']),
        ' '
      )
      enabled: true
      severity: rule.severity
      scopes: [
        rule.scope
      ]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.name
            metricNamespace: rule.namespace
            metricName: rule.metric
            timeAggregation: rule.aggregation
            operator: rule.operator
            threshold: rule.threshold
            dimensions: map(rule.split, dimension => {
              name: dimension
              operator: 'Include'
              values: ['*']
            })
            // a new or deleted app may not emit a metric yet
            skipMetricValidation: true
          }
        ]
      }
      actions: actions
    }
  }
]

@description('Names of the rules.')
output ruleNames string[] = [for rule in rules: 'fleet-auto-upgrade-${installation}-${rule.name}']
