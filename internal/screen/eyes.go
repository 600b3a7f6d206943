package screen

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"loam"
)

// Eyes look into the file of a picture. Both answer ErrAbsent where the models are not
// installed, and an error of kind Invalid for what is no picture.
type Eyes interface {
	// Words reads what is written in it, from the top.
	Words(ctx context.Context, picture []byte) ([]Line, error)
	// Classes gives a probability for each of Classes; they add up to 1.
	Classes(ctx context.Context, picture []byte) (map[string]float64, error)
	Health(ctx context.Context) error
}

// Line is one line read in a picture. Score is how sure its characters are on average.
type Line struct {
	Text  string  `json:"text"`
	Score float64 `json:"score"`
}

// Classes are what a picture may show, by the model of nsfwjs.
func Classes() []string { return []string{"drawing", "hentai", "neutral", "porn", "sexy"} }

const (
	leastSure = 0.5   // a line less sure says more of the background than of words
	maxRead   = 8_000 // bytes of words kept of one picture
)

// OCR reads the words in pictures. Model names what reads, with its version.
type OCR struct {
	Eyes  Eyes
	Model string
}

// About gives 15 s: nine full pages take about five on one core.
func (o OCR) About() About { return About{Name: "ocr", Version: o.Model, Within: 15 * time.Second} }

// Health is the Eyes' own.
func (o OCR) Health(ctx context.Context) error { return o.Eyes.Health(ctx) }

// Read gives a field for each picture with words; with an error, of those that could be read.
func (o OCR) Read(ctx context.Context, in Input) ([]Field, error) {
	var out []Field
	err := everyPicture(ctx, in, func(p *Picture, data []byte) error {
		lines, err := o.Eyes.Words(ctx, data)
		if words := joined(lines); words != "" {
			out = append(out, Field{readField(p.Field), words})
		}
		return err
	})
	return out, err
}

// readField names the words read in a picture: picture.1.read, or read for one screened alone.
func readField(picture string) string { return strings.TrimPrefix(picture+".read", ".") }

// joined are the lines that are sure enough, a line each.
func joined(lines []Line) string {
	var sure []string
	for _, l := range lines {
		if l.Score >= leastSure {
			sure = append(sure, l.Text)
		}
	}
	words := strings.Join(sure, "\n")
	if len(words) > maxRead {
		words = words[:maxRead]
	}
	return strings.ToValidUTF8(words, "")
}

// Unsafe finds pictures of sex. Model names what judges, with its version.
type Unsafe struct {
	Eyes  Eyes
	Model string
}

// A picture is worth a word from this score, or if it is this likely to be revealing.
const (
	leastUnsafe = 0.3
	leastSexy   = 0.5
)

// About gives 10 s, most of them for waiting until the pictures are read.
func (u Unsafe) About() About {
	return About{Name: "unsafe", Version: u.Model, Within: 10 * time.Second}
}

// Health is the Eyes' own.
func (u Unsafe) Health(ctx context.Context) error { return u.Eyes.Health(ctx) }

// Detect scores a picture with the probability that it shows sex, photographed or drawn;
// what is merely revealing stands in the facts.
func (u Unsafe) Detect(ctx context.Context, in Input) ([]loam.Finding, error) {
	var out []loam.Finding
	err := everyPicture(ctx, in, func(p *Picture, data []byte) error {
		is, err := u.Eyes.Classes(ctx, data)
		if err != nil {
			return err
		}
		score := min(1, is["porn"]+is["hentai"])
		if score < leastUnsafe && is["sexy"] < leastSexy {
			return nil
		}
		facts := map[string]string{"class": Classes()[0]}
		for _, name := range Classes() {
			if facts[name] = fmt.Sprintf("%.2f", is[name]); is[name] > is[facts["class"]] {
				facts["class"] = name
			}
		}
		out = append(out, loam.Finding{Risk: loam.Porn, Tier: loam.TierSignal, Field: pageOf(p.Field), Score: math.Round(score*100) / 100, Facts: facts})
		return nil
	})
	return out, err
}

// everyPicture looks at each picture; one that is broken does not hide the others, and is
// told of at the end.
func everyPicture(ctx context.Context, in Input, look func(*Picture, []byte) error) error {
	var broken error
	for _, p := range in.Pictures {
		data, err := p.Bytes(ctx)
		if err == nil {
			err = look(p, data)
		}
		if loam.KindOf(err) == loam.Invalid && err != nil {
			broken = errors.Join(broken, fmt.Errorf("%s: %w", p.Field, err))
		} else if err != nil {
			return err
		}
	}
	return broken
}
