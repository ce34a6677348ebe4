export const notAsItIs = 'Not as it is: the same request is refused again.'
export const afterDns =
  'Yes, when the record can be seen; changes of DNS may take as long as the old record’s TTL.'
