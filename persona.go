package loam

// Persona is how a creator writes, learned from her own published notes whose style use she
// allows. It is private to her, off until she switches it on, and every value can be edited.
type Persona struct {
	Words    []string `json:"words" maxItems:"40"`                // she likes, most used first
	Emoji    int      `json:"emoji" minimum:"0" maximum:"1000"`   // in 1,000 characters
	Sentence int      `json:"sentence" minimum:"0" maximum:"500"` // characters of a usual sentence
	Bullet   string   `json:"bullet" maxLength:"4"`               // the mark of her lists; "" none
	Heading  string   `json:"heading" maxLength:"4"`              // what her headings begin with; "" nothing
}

// PersonaEdits are the values she set by hand, nil where the learned one holds. On switches
// the persona on.
type PersonaEdits struct {
	On       bool      `json:"on"`
	Words    *[]string `json:"words,omitempty" maxItems:"40"`
	Emoji    *int      `json:"emoji,omitempty" minimum:"0" maximum:"1000"`
	Sentence *int      `json:"sentence,omitempty" minimum:"0" maximum:"500"`
	Bullet   *string   `json:"bullet,omitempty" maxLength:"4"`
	Heading  *string   `json:"heading,omitempty" maxLength:"4"`
}

// Edited is the persona with her own values in place of the learned ones.
func (p Persona) Edited(e PersonaEdits) Persona {
	if e.Words != nil {
		p.Words = *e.Words
	}
	if e.Emoji != nil {
		p.Emoji = *e.Emoji
	}
	if e.Sentence != nil {
		p.Sentence = *e.Sentence
	}
	if e.Bullet != nil {
		p.Bullet = *e.Bullet
	}
	if e.Heading != nil {
		p.Heading = *e.Heading
	}
	return p
}

// Styled is a published note of a creator and whether her own persona may be learned from it.
type Styled struct {
	Work    string
	Content Content
	Allowed bool
}
