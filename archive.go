package loam

// ArchivedWork is a Work with its draft and all that was frozen of it, as it leaves an
// installation and comes into another.
type ArchivedWork struct {
	ID       string    `json:"id"`
	Key      string    `json:"key"`
	Form     Form      `json:"form"`
	On       string    `json:"on"` // the note a comment stands under
	Created  int64     `json:"created"`
	Updated  int64     `json:"updated"`
	Revision int64     `json:"revision"` // of the draft; 0 where there is none
	Draft    *Draft    `json:"draft"`
	Versions []Version `json:"versions"` // oldest first
}

// ArchivedLeaf is one leaf of an account's in the ledger, with what proves it.
type ArchivedLeaf struct {
	N       int64  `json:"n"` // the order of her leaves
	ID      string `json:"id"`
	Work    string `json:"work"` // "" for all of hers
	Leaf    []byte `json:"leaf"` // as it stands in the log
	Salt    string `json:"salt"` // hexadecimal, of its commitment; "" if it has none
	At      int64  `json:"at"`
	Place   int64  `json:"place"`             // its index in the log, -1 while it is not there
	Receipt string `json:"receipt,omitempty"` // that it is (c2sp.org/tlog-proof)
	Bundle  []byte `json:"bundle,omitempty"`  // her passkey's signature over it, nil if there is none or it was erased
}

// ArchivedBlob is a file of bytes that works name by their hash.
type ArchivedBlob struct {
	Hash string `json:"hash"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// ArchivedAsset is an upload of hers, with the hash of what is kept of its Content Credentials.
type ArchivedAsset struct {
	Asset
	Credentials string `json:"credentials"`
}

// ArchivedProtection is a Protection of hers with the files it was asked for with.
type ArchivedProtection struct {
	Protection
	Files []ArchivedProof `json:"files"`
}

// ArchivedProof is a Proof with what it is compared by.
type ArchivedProof struct {
	Proof
	Picture string `json:"picture"` // hash of the clean copy, "" if it is no picture
	PDQ     string `json:"pdq"`
	Sound   string `json:"sound"`
}

// Arrival is an archive as it comes into an empty installation. Everything in it was written by
// who knows whom.
type Arrival struct {
	Account  Account
	Password string // as it is stored
	Blobs    []ArchivedBlob
	Assets   []ArchivedAsset
	Leaves   []ArchivedLeaf
	Evidence []string // hashes of the blobs that hold leaves of earlier installations
	// Protections are those to be asked for anew; of a file's PDQ it is known that it is its picture's.
	Protections []ArchivedProtection
	// Works calls a function for each work; it may be called more than once.
	Works func(func(ArchivedWork) error) error
}
