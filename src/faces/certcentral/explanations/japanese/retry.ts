export const notAsItIs = 'そのままでは再試行しても同じ結果になります。'
export const afterDns =
  'レコードが参照できるようになってから再試行してください。反映には元のレコードの TTL だけかかることがあります。'
