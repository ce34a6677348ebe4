import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors in the form of what is sent. */
export const parameters = {
  bad_request_format: say(
    'The body cannot be read.',
    [
      'it is neither JSON nor XML, or cut short',
      'its outermost value is a list or a text, not an object',
      'a member stands twice in one object, or the text is not UTF-8',
      'it is nested too deeply, too large (HTTP 413) or compressed (HTTP 415)',
    ],
    'Send one JSON object, or an XML document without a document type, in UTF-8.',
  ),
  missing_request_data: say(
    'The request needs a body and has none.',
    ['the body is empty or null', 'a redirect or a proxy dropped it'],
    'Send the parameters as a JSON object.',
  ),
  required_param: say(
    'A parameter that has to be there is absent; the code names it after the colon.',
    ['it was not sent', 'its value is null, an empty text or 0 for an id'],
    'Send the parameter. Nested parameters have dotted names: certificate.csr.',
  ),
  invalid_value: say(
    'A parameter has a value that cannot be used; the code names it after the colon.',
    [
      'it has the wrong type, or is out of range',
      'it is not one of the values that the parameter knows',
      'it refers to an object that does not exist or cannot be seen',
      'it cannot become this value in the present state',
    ],
    'Correct the parameter. In lists, its place is part of the name: custom_fields.0.value.',
  ),
  invalid_chars: say(
    'A text has characters that are not allowed; the code names the parameter after the colon.',
    [
      'control characters, < or >',
      'characters that are not Unicode text',
      'blanks or slashes in a user name',
    ],
    'Remove the characters.',
  ),
  email_not_valid_email_format: say(
    'An email address is not one.',
    [
      'there is no @, or more than one',
      'blanks or characters outside ASCII',
      'several addresses in one text',
    ],
    'Send each address on its own, as name@domain.',
  ),
  missing_required_custom_field: say(
    'A custom field that the account requires has no value.',
    ['custom_fields is absent', 'the value of a required field is empty'],
    'Read the fields with GET /account/metadata and send a value for each that is active and required.',
  ),
  invalid_custom_field_value: say(
    'The value of a custom field does not fit its type.',
    [
      'int takes decimal digits only',
      'email_address takes one address, email_list several with commas between',
    ],
    'Send a value of the type that GET /account/metadata shows.',
  ),
  username_unavailable: say(
    'Somebody has this user name already.',
    ['user names are unique in the whole installation, letter case ignored'],
    'Choose another; GET /user/availability/{username} tells whether a name is free.',
  ),
} satisfies Explanations
