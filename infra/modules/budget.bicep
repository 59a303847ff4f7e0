metadata description = 'A monthly budget for the resource group. It notifies; it stops nothing.'

@description('Name of the budget.')
param name string

@description('Amount a month, in the currency of the billing account.')
param amount int

@description('First day of the month in which the budget was created. Azure refuses to change it, and to create one in the past.')
param startDate string

@description('Mail addresses that are notified.')
param contactEmails string[]

@description('Resource ids of the action groups that are notified.')
param actionGroupIds string[]

var contacts = {
  contactEmails: contactEmails
  contactGroups: actionGroupIds
}

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      actual80: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        ...contacts
      }
      forecast100: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        ...contacts
      }
    }
  }
}
