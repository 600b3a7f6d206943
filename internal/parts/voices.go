package parts

import (
	"context"
	_ "embed" // what a child does with a sound
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"loam"
	"loam/internal/media"
)

//go:embed voices.py
var listener string

// What is heard of a sound, and what decoding it may take.
const (
	voiceRate    = 16_000 // samples a second
	voiceSeconds = 600
	voiceBytes   = voiceSeconds * voiceRate * 2
	voiceMemory  = 1 << 30
	voiceCPU     = 60 * time.Second
)

// What an answer may hold.
const (
	maxVoices  = 16
	voiceSize  = 256
	voiceSlack = 1e-3 // by which a vector's length may differ from 1
)

// Voice is who speaks or sings in a stretch of a sound.
type Voice struct {
	Second float64   `json:"second"` // where the stretch begins
	Vector []float32 `json:"vector"` // 256 numbers of length 1: the nearer two are, the likelier one person
}

// voiceTaking is raised whenever the child takes other numbers of the same voice: who is registered
// by them has to register anew.
const voiceTaking = "1"

// VoiceModel names the model that hears. Vectors of different ones are not comparable.
func (p *Parts) VoiceModel() string {
	return "Resemblyzer-GE2E " + voiceTaking + " " + p.sumOf("", "voice")
}

// Voices describes who is heard in the first ten minutes of a sound, or of the sound of a film,
// of a type: a voice for each stretch of 12 s that is not silent, in order; at most sixteen, spread
// evenly over what is longer. A last stretch of at least 4 s counts; a sound with less has none.
// Music without a voice has vectors too. The error is screen.ErrAbsent without the parts;
// Unavailable, "program.missing" without ffmpeg; Invalid, "film.failed" for what ffmpeg cannot
// follow; Unavailable for everything else.
func (p *Parts) Voices(ctx context.Context, typ media.Type, data []byte) ([]Voice, error) {
	if err := p.Health(ctx); err != nil {
		return nil, err
	}
	pcm, err := samplesOf(ctx, typ, data)
	if err != nil {
		return nil, err
	}
	a, err := p.answerTo(ctx, wantVoices, pcm)
	if err == nil && a.Error != "" {
		return nil, loam.Fail(loam.Unavailable, "parts.child").Because(errors.New(a.Error))
	}
	return a.Voices, err
}

// samplesOf decodes the beginning of a sound to voiceRate samples a second of 16 bits, one channel.
func samplesOf(ctx context.Context, typ media.Type, data []byte) ([]byte, error) {
	if demuxers[typ] == "" {
		return nil, loam.Fail(loam.Invalid, "film.failed")
	}
	ffmpeg, err := findIn("ffmpeg", "ffmpeg")
	if err != nil {
		return nil, err
	}
	dir, file, done, err := soundFile(data)
	if err != nil {
		return nil, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, 2*voiceCPU)
	defer cancel()
	args := append([]string{"-nostdin", "-v", "error"}, reading(typ, file)...)
	args = append(args, "-map", "0:a:0", "-t", strconv.Itoa(voiceSeconds), "-ac", "1", "-ar", strconv.Itoa(voiceRate), "-f", "s16le", "-c:a", "pcm_s16le", "-")
	pcm, err := program(ctx, limits{memory: voiceMemory, cpu: voiceCPU, answer: voiceBytes + voiceRate}, dir, ffmpeg, args...)
	if err != nil {
		return nil, loam.Fail(loam.Invalid, "film.failed").Because(err)
	}
	return pcm[:min(len(pcm), voiceBytes)], nil
}

// heardIn refuses voices that no sound has.
func heardIn(voices []Voice) error {
	if len(voices) > maxVoices {
		return fmt.Errorf("%d voices", len(voices))
	}
	after := -1.0
	for _, v := range voices {
		if v.Second <= after || v.Second < 0 || v.Second > voiceSeconds {
			return fmt.Errorf("a voice at %v s after one at %v s", v.Second, after)
		}
		after = v.Second
		sum := 0.0
		for _, x := range v.Vector {
			sum += float64(x) * float64(x)
		}
		if length := math.Sqrt(sum); len(v.Vector) != voiceSize || math.Abs(length-1) > voiceSlack {
			return fmt.Errorf("a vector of %d numbers and length %v", len(v.Vector), length)
		}
	}
	return nil
}
