package loam

// Traits are what later notes are compared with. Rules are those it was taken by; one taken
// by older rules is taken again.
type Traits struct {
	Rules     int64
	Bands     []uint64          // of the text's sketch
	Passages  []uint64          // fingerprints of the text's passages, without doubles
	Structure []uint64          // bands of the sketch of how its sentences are built
	Pictures  map[string]string // PDQ hash, hex, of each photo by its field; plain ones left out
}

// PictureHash is the perceptual hash of a released picture and where it stands.
type PictureHash struct {
	Version, Work, Owner, Field, Hash string

	Denied Right // of the upheld claim it was removed by, "" while readers see it
}

// DeniedSound is the sound of a version that an upheld claim removed: of whatever account, its own
// next note included.
type DeniedSound struct {
	Version, Work string
	Hash          string // SHA-256, hex, of the bytes before labelling
	Denied        Right
	Print         string // its acoustic fingerprint, "" if none was taken yet
}

// Alike is a version whose text is built as another's: its owner, when it was screened and
// how many bands it shares.
type Alike struct {
	Version, Owner string
	At             int64
	Bands          int
}
