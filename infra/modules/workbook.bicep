metadata description = 'The workbook: releases, profiles, runs and alerts on one page.'

@description('What tells this installation from others.')
param installation string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Id of the Log Analytics workspace it reads.')
param workspaceId string

var content = loadJsonContent('../workbook.json')

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, installation, 'fleet-auto-upgrade')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Fleet auto-upgrade ${installation}'
    category: 'workbook'
    sourceId: toLower(workspaceId)
    version: 'Notebook/1.0'
    serializedData: string(union(content, { fallbackResourceIds: [workspaceId] }))
  }
}

output workbookId string = workbook.id
