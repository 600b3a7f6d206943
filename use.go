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

// Permission is a work's answer for one use, as explicitly given; Set is false where
// nobody ever chose and the default no holds.
type Permission struct {
	Use     Use   `json:"use"`
	Allowed bool  `json:"allowed"`
	Set     bool  `json:"set"`
	At      int64 `json:"at"`
}

// Permit is the decision rule until the ledger replaces it: an explicit yes for this very
// work and use, by an account that did not switch AI off, for a work readers can see.
func Permit(u Use, p Permission, noAI, released bool) bool {
	return released && p.Set && p.Allowed && p.Use == u && !(noAI && u.NeedsAI())
}
