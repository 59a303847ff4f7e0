// What the hook postprovision deploys to each management group.
using '../../../infra/management-groups.bicep'

param installation = 'abcdefghijklm'
param appPrincipalId = '66666666-6666-6666-6666-666666666666'
param alertPrincipalId = '77777777-7777-7777-7777-777777777777'
