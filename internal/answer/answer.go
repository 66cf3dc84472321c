// Package answer says what is answered about a result: the headline, figures, and a
// laboratory run. The server answers so over HTTP, and a page without a server by the
// same code in the reader's browser.
//
// What enters: a [result.Result] and a question. What leaves: an answer as the API
// describes it, or a [Problem]. Power is in kW per home, positive when charging; the tags
// of a question's fields are those of the API's description.
package answer
