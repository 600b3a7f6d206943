package loam

// WaitingLeaf is a leaf of the rights ledger that an act wrote and the log does not have yet:
// the n-th of an account. Place is its index once it is there; Bundle is the signature bundle
// behind it, nil for none.
type WaitingLeaf struct {
	Owner  string
	N      int64
	ID     string
	Leaf   []byte
	Bundle []byte
	Place  int64
}

// RightsAct is one leaf of an account's own, as her timeline shows it.
type RightsAct struct {
	ID    string `json:"id"`
	N     int64  `json:"n"`    // it is her n-th: where the next page begins
	Kind  string `json:"kind"` // work, grant, revoke, protect …
	Work  string `json:"work"` // "" for every work of hers
	Title string `json:"title"`
	Uses  []Use  `json:"uses"`
	From  int64  `json:"from"`
	Until int64  `json:"until"`
	What  string `json:"what"` // of a protection; of a key its name
	Lift  bool   `json:"lift"` // it ends
	// Signed reports whether the signature of her passkey is at hand.
	Signed bool  `json:"signed"`
	At     int64 `json:"at"`
	Place  int64 `json:"place"` // its index in the log, -1 while it is being recorded
}

// RightsTable is a creator's works and what may be done with each: her word for all of them,
// then her released works with their own, newest first, from a place on.
type RightsTable struct {
	Count   int          `json:"count"`   // released works
	Open    int          `json:"open"`    // of these, how many allow something that feeds a model
	Earned  int64        `json:"earned"`  // micro-yuan, by closed statements
	NoAI    bool         `json:"no_ai"`   // her account's switch
	Account []Permission `json:"account"` // for works without a word of their own
	Works   []RightsWork `json:"works"`
	Next    string       `json:"next"` // where this page ends, "" if nothing follows
}

// RightsWork is one work and the answer for every use, in the order of Uses.
type RightsWork struct {
	Work     string       `json:"work"`
	Title    string       `json:"title"`
	Released int64        `json:"released"`
	Uses     []Permission `json:"uses"`
}

// Closing is what a no from elsewhere takes back of a creator's word on a work, or with work "" on
// all that have none of their own.
type Closing struct {
	Work  string `json:"work"`
	Title string `json:"title"`
	Uses  []Use  `json:"uses"` // those her word leaves open now, or from a day on
}
