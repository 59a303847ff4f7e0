// The fleets are in other subscriptions than the app, and one of them is named twice.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param subscriptionIds = [
  '11111111-1111-1111-1111-111111111111'
  '22222222-2222-2222-2222-22222222abcd'
  '22222222-2222-2222-2222-22222222ABCD'
]
param alertEmail = 'fleets@example.com'
