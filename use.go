package loam

// Use is one thing that can be done with a work. Publishing grants index and recommend
// as chosen on the confirm sheet; every other use is no until its creator says yes.
type Use string

// The uses.
const (
	UseIndex      Use = "index"
	UseRecommend  Use = "recommend"
	UseRetrieve   Use = "retrieve"
	UseTrainText  Use = "train.text"
	UseTrainImage Use = "train.image"
	UseTrainVideo Use = "train.video"
	UseTrainAudio Use = "train.audio"
	UseStyle      Use = "style"
	UseVoice      Use = "voice"
	UseLikeness   Use = "likeness"
	UseCommercial Use = "commercial"
	UseThirdParty Use = "third.party"
)

// Uses lists every use in the order pages show them.
func Uses() []Use {
	return []Use{
		UseIndex, UseRecommend, UseRetrieve, UseTrainText, UseTrainImage, UseTrainVideo, UseTrainAudio,
		UseStyle, UseVoice, UseLikeness, UseCommercial, UseThirdParty,
	}
}

// NeedsAI reports whether the use feeds a model. The account's switch
// 「不要对我的内容用 AI」 denies these whatever a single work says.
func (u Use) NeedsAI() bool {
	switch u {
	case UseIndex, UseRecommend, UseCommercial, UseThirdParty:
		return false
	default:
		return true
	}
}

// Follows reports whether a denial follows copies: who may not be learned from, imitated or
// earned on may not by way of a copy either. Whether readers find a copy is its owner's word;
// a copy itself is screened, and taken down by a notice.
func (u Use) Follows() bool { return u != UseIndex && u != UseRecommend }

// Permission is what the decision rule answers for one use of a work, and why. Reason, Level,
// Evidence and What are the ledger's words.
type Permission struct {
	Use         Use    `json:"use"`
	Allowed     bool   `json:"allowed"` // by the rule, whether or not readers see the work
	Chosen      bool   `json:"chosen"`  // her own last word, whatever overrules it
	Set         bool   `json:"set"`     // somebody decided; else the default no holds
	At          int64  `json:"at"`
	Reason      string `json:"reason"`
	What        string `json:"what"`        // the protection that denies, "" for none
	Level       string `json:"level"`       // where the deciding leaf stands: account, collection, work or none
	Evidence    string `json:"evidence"`    // L0 to L3
	From        int64  `json:"from"`        // of her grant, whatever overrules it
	Until       int64  `json:"until"`       // of her grant, 0 for no end
	Attribution bool   `json:"attribution"` // her grant asks for her name
	Leaf        string `json:"leaf"`        // the id of the deciding leaf, "" for none
	Place       int64  `json:"place"`       // its index in the log, -1 until it is there
}

// UseChoice is an answer for some uses: yes from one moment to another, or no.
type UseChoice struct {
	Uses        []Use
	Allowed     bool
	From, Until int64 // of a yes, in milliseconds; 0 for no bound
	Attribution bool  // of a yes: the creator is to be named
}

// The moments a UseChoice may begin or end at, in milliseconds: from the beginning of 2000 to the end of
// 9999 (UTC). What is written for people and machines has no words for others.
const (
	firstTime = 946_684_800_000
	lastTime  = 253_402_300_799_999
)

// Validate refuses times that contradict each other or that nobody means, and a no with conditions:
// Invalid, "rights.times" or "rights.times_range".
func (c UseChoice) Validate() error {
	if !c.Allowed && (c.From != 0 || c.Until != 0 || c.Attribution) || c.Until != 0 && c.Until <= c.From {
		return Fail(Invalid, "rights.times")
	}
	for _, at := range []int64{c.From, c.Until} {
		if at != 0 && (at < firstTime || at > lastTime) {
			return Fail(Invalid, "rights.times_range")
		}
	}
	return nil
}

// Permit reports whether a work may be used so: the rule says yes to this very use, and readers
// can see the work.
func Permit(u Use, p Permission, released bool) bool {
	return released && p.Allowed && p.Use == u
}
