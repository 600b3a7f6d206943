package loam

// Corpus is a training set: the works of a moment whose creators allowed one use. Its manifest
// lies beside the log, named by its root.
type Corpus struct {
	ID      string  `json:"id"` // of its leaf, hexadecimal
	Name    string  `json:"name"`
	Use     Use     `json:"use"`
	Size    int64   `json:"size"` // how many leaves of the log it heeds
	Records int     `json:"records"`
	Root    string  `json:"root"` // of its manifest, hexadecimal
	At      int64   `json:"at"`   // of its snapshot
	Place   int64   `json:"place"`
	Models  []Model `json:"models"`
	Yours   int     `json:"yours"` // how many of them are the asker's
}

// Model is a model or adapter that was trained on corpora.
type Model struct {
	ID      string `json:"id"` // of its leaf, hexadecimal
	Name    string `json:"name"`
	At      int64  `json:"at"`
	Retired int64  `json:"retired"` // when it was withdrawn, 0 if it was not
}

// TrainingNote is a public note that may be used for something now.
type TrainingNote struct {
	Work    string
	Named   string // as the ledger calls it, hexadecimal
	Version string
	Content Content
	Labels  []Label
	Creator string // her name, for who has to name her
}

// TrainingRecord is what is kept of a work in a corpus: which version it was, and the salt of the
// commitment its record makes.
type TrainingRecord struct {
	Work    string
	Version string
	Salt    string // hexadecimal
}

// TakenWork is a work of an account in a corpus.
type TakenWork struct {
	Work    string `json:"work"`
	Named   string `json:"named"` // as the ledger calls it, hexadecimal
	Title   string `json:"title"`
	Version string `json:"version"`
	Salt    string `json:"salt"`    // with it she can open what her record commits to
	Allowed bool   `json:"allowed"` // whether she allows the use today
}
