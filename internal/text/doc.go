// Package text is what Loam knows about written Chinese: folding disguises away, finding
// many phrases at once, sketching a text for near copies, seeing contact details, cutting
// words and measuring a title as the platform does.
//
// It stands apart because everything above it asks the same questions of text and must get
// the same answers: the phrase scan of a stream, of a submitted note and of the command
// line are one automaton over one folding.
//
// Invariant: every function is pure, linear in its input whatever the bytes are (invalid
// UTF-8 included), and every place it reports is a byte range of the original text; folding
// never changes what is stored or shown.
package text

//go:generate go run ./gen
