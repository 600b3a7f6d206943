package parts

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"loam/internal/screen"
)

// What can be wanted of a picture, or of a sound.
const (
	wantWords   byte = 'r'
	wantClasses byte = 'u'
	wantFaces   byte = 'f'
	wantVoices  byte = 'v'
)

// answer is what a child says of a picture. A child is believed as little as the picture it
// looked at.
type answer struct {
	Error   string             `json:"error"` // why it could not be looked at
	Lines   []screen.Line      `json:"lines"`
	Classes map[string]float64 `json:"classes"`
	Faces   []found            `json:"faces"`
	Voices  []Voice            `json:"voices"`
}

// parse reads an answer to what was wanted; nothing but such an answer is accepted.
func parse(want byte, body []byte) (answer, error) {
	var a answer
	if !utf8.Valid(body) {
		return a, errors.New("an answer that is not UTF-8")
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return answer{}, err
	}
	switch {
	case a.Error != "":
		return answer{Error: a.Error}, nil
	case want == wantWords && a.Lines != nil:
		for _, l := range a.Lines {
			if !probable(l.Score) {
				return answer{}, fmt.Errorf("a line's score is %v", l.Score)
			}
		}
		return answer{Lines: a.Lines}, nil
	case want == wantClasses && len(a.Classes) == len(screen.Classes()):
		sum := 0.0
		for _, name := range screen.Classes() {
			score, ok := a.Classes[name]
			if !ok || !probable(score) {
				return answer{}, fmt.Errorf("class %s is %v", name, a.Classes[name])
			}
			sum += score
		}
		if math.Abs(sum-1) > 0.01 {
			return answer{}, fmt.Errorf("the classes add up to %v", sum)
		}
		return answer{Classes: a.Classes}, nil
	case want == wantFaces && a.Faces != nil:
		if err := believable(a.Faces); err != nil {
			return answer{}, err
		}
		return answer{Faces: a.Faces}, nil
	case want == wantVoices && a.Voices != nil:
		if err := heardIn(a.Voices); err != nil {
			return answer{}, err
		}
		return answer{Voices: a.Voices}, nil
	}
	return answer{}, errors.New("an answer to something else")
}

func probable(p float64) bool { return p >= 0 && p <= 1 }
