package loam

import (
	"strconv"
	"strings"
)

// GenerationState is where a model call stands.
type GenerationState string

// The states. Unknown is what a crash leaves: the request was sent, its end was not seen;
// the reservation counts as spent and no machine asks again.
const (
	Calling  GenerationState = "calling"
	Done     GenerationState = "done"
	Broken   GenerationState = "broken" // the model failed; what came is kept
	Stopped  GenerationState = "stopped"
	Unknown  GenerationState = "unknown"
	Withheld GenerationState = "withheld" // a phrase cut it off
)

// Generation is one model call. Its Key makes it idempotent per account: a reload, crash
// or double click with the same key never calls twice.
type Generation struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Work    string `json:"work"`
	Purpose string `json:"purpose"` // draft, title, body …
	// Prompt is what was sent, rules and words; Params how it was asked (temperature,
	// max_tokens, field, start, end). Both are for the creation log, never for a log file.
	Prompt  string            `json:"prompt"`
	Params  map[string]string `json:"params"`
	Key     string            `json:"-"`
	Model   string            `json:"model"`
	Input   string            `json:"input"`  // SHA-256 of the prompt
	Output  string            `json:"output"` // SHA-256 of the text
	Text    string            `json:"text"`
	State   GenerationState   `json:"state"`
	Error   string            `json:"error"` // code for the catalogue
	Tokens  int64             `json:"tokens"`
	Cost    int64             `json:"cost"` // micro-yuan: reserved while calling, then what it came to
	Started int64             `json:"started"`
	Ended   int64             `json:"ended"`
}

// Recalled is how many of an account's latest model texts new words are compared with.
const Recalled = 200

// Asset is bytes a person uploaded or Loam drew, as stored: sniffed, stripped, measured.
type Asset struct {
	ID     string  `json:"id"`
	Owner  string  `json:"owner"`
	Hash   string  `json:"hash"`
	Type   string  `json:"type"`
	Size   int64   `json:"size"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Millis int64   `json:"millis,omitempty"` // of a sound
	PHash  string  `json:"phash"`            // perceptual hash, mirrored hash and quality (PDQ); "" if not taken
	AI     AIState `json:"ai"`               // from what was found in it on upload
	Signs  []Sign  `json:"signs"`            // why
	// Credentials is the hash of what is kept of the Content Credentials it came in with, "" for
	// none: what is published of it names them as its origin.
	Credentials string `json:"-"`
	At          int64  `json:"at"`
}

// Yuan writes micro-yuan as yuan with two to four decimals, rounded up: 0.0123, 5.00.
func Yuan(micro int64) string {
	units := (micro + 99) / 100 // of 0.0001
	frac := strconv.FormatInt(10_000+units%10_000, 10)[1:]
	return strconv.FormatInt(units/10_000, 10) + "." + frac[:2] + strings.TrimRight(frac[2:], "0")
}
