metadata description = 'Where telemetry goes: Application Insights on a Log Analytics workspace. Neither accepts keys.'

import { tagMap } from '../types/app.bicep'

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights resource.')
param applicationInsightsName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('How long telemetry is kept, in days.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Most that the workspace ingests a day, in GB; 0 for no limit. Telemetry over the limit is lost, and with it alerts.')
@minValue(0)
param dailyCapGB int

@description('Object id of the identity of the app, which publishes telemetry.')
param appPrincipalId string

@description('Object id of the identity of the alert rules over Azure Resource Graph, which queries the workspace.')
param alertPrincipalId string

// Monitoring Metrics Publisher
var publisherRole = '3913510d-42f4-4e42-8a64-420c390055eb'
// Log Analytics Reader: a query with arg("") needs the right to query the workspace that it starts from
// https://learn.microsoft.com/azure/azure-monitor/logs/azure-monitor-data-explorer-proxy#permissions-required
var logReaderRole = '73c42c96-874c-492b-b04d-ab87d138a893'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    retentionInDays: retentionDays
    sku: {
      name: 'PerGB2018'
    }
    features: {
      disableLocalAuth: true
    }
    // -1 is what Azure has for no limit, so that a limit that was set before is lifted
    workspaceCapping: {
      dailyQuotaGb: dailyCapGB == 0 ? -1 : dailyCapGB
    }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: applicationInsightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(applicationInsights.id, appPrincipalId, publisherRole)
  scope: applicationInsights
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', publisherRole)
  }
}

resource logReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, alertPrincipalId, logReaderRole)
  scope: workspace
  properties: {
    principalId: alertPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logReaderRole)
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Id by which the query API knows the workspace.')
output customerId string = workspace.properties.customerId

@description('Connection string of Application Insights: an address, and no secret, since local authentication is off.')
output connectionString string = applicationInsights.properties.ConnectionString
