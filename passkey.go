package loam

// PasskeyState is what a creator's passkey counts for.
type PasskeyState string

// The states of a passkey. All but the first two are what the ledger's fold says.
const (
	PasskeyWaiting    PasskeyState = "waiting"    // for the signature of one she has
	PasskeyRecovering PasskeyState = "recovering" // for two of the staff to vouch for her
	PasskeyActive     PasskeyState = "active"     // its signatures count
	PasskeyRetired    PasskeyState = "retired"    // what it signed stands; what it would sign does not count
)

// Passkey is a key with which a creator signs her acts (WebAuthn). Credential is what its
// authenticator calls it, in base64url.
type Passkey struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Credential string       `json:"credential"`
	State      PasskeyState `json:"state"`
	At         int64        `json:"at"`
	Vouched    int          `json:"vouched"` // how many of the staff did, of one that is recovering
}

// NewPasskey is a passkey that was just registered. COSE is its public key; Recover asks for two
// of the staff to vouch instead of the signature of a key she has.
type NewPasskey struct {
	Name, Credential string
	COSE             []byte
	Recover          bool
}

// Recovery is a creator's wish for a passkey in place of those she lost.
type Recovery struct {
	Passkey string   `json:"passkey"`
	Handle  string   `json:"handle"`
	Name    string   `json:"name"` // of the passkey
	At      int64    `json:"at"`
	Vouched []string `json:"vouched"` // handles of who did
}

// PreparedAct is an act that waits for its signature: a leaf of the ledger without one, under the
// leaf's id. It is good until Expires and for one use.
type PreparedAct struct {
	Leaf, Owner string
	Raw         []byte
	Expires     int64
}

// SignedAct is the same act with its signature: the leaf that commits to the bundle, and the bundle.
type SignedAct struct {
	Leaf, Owner string
	Raw, Bundle []byte
}
