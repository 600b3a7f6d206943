package parts

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"
	"unicode/utf8"

	"loam"
	"loam/internal/media"
)

// SpokenWords is the audible label in speech: both elements of GB 45438-2025, 5.3.
const SpokenWords = "本音频由人工智能生成"

// Normal speed, in characters a minute (GB 45438-2025, 5.3, note), and what is aimed at.
const (
	spokenSlowest = 120
	spokenFastest = 160
	spokenAim     = 140
)

// speaker is a program that speaks; it has one voice that reads Chinese characters. The
// voice "cmn" of the same program reads most of them as the English of their Pinyin.
const (
	speaker = "espeak-ng"
	voice   = "cmn-latn-pinyin"
)

// speakLimits are for a sentence of a few seconds. The program's sound library makes room for
// 64 MB in a file it does not use.
var speakLimits = limits{memory: 256 << 20, cpu: 10 * time.Second, file: 128 << 20, answer: 1 << 16}

// CanSpeak is Unavailable, "program.missing" where no program to speak is installed.
func CanSpeak() error {
	_, err := findIn(speaker, speaker)
	return err
}

// Speak has SpokenWords spoken at normal speed: Unavailable, "program.missing" where the
// program is not installed, "speech.failed" if it does not speak as it should.
func Speak(ctx context.Context) (media.Sound, error) {
	path, err := findIn(speaker, speaker)
	if err != nil {
		return media.Sound{}, err
	}
	dir, err := os.MkdirTemp("", "loam-speech-")
	if err != nil {
		return media.Sound{}, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	characters := float64(utf8.RuneCountInString(SpokenWords))
	speed := 130.0 // as the program counts it
	for range 6 {
		s, err := say(ctx, path, dir, int(speed))
		if err != nil {
			return media.Sound{}, loam.Fail(loam.Unavailable, "speech.failed").Because(err)
		}
		rate := characters / s.Duration().Minutes()
		if rate >= spokenSlowest && rate <= spokenFastest && math.Abs(rate-spokenAim) <= 10 {
			return s, nil
		}
		speed = min(max(speed*spokenAim/rate, 80), 400)
	}
	return media.Sound{}, loam.Fail(loam.Unavailable, "speech.failed")
}

func say(ctx context.Context, path, dir string, speed int) (media.Sound, error) {
	wav := filepath.Join(dir, "speech.wav")
	if _, err := program(ctx, speakLimits, dir, path, "-v", voice, "-b", "1", "-s", strconv.Itoa(speed), "-w", wav, SpokenWords); err != nil {
		return media.Sound{}, err
	}
	b, err := os.ReadFile(wav)
	if err != nil {
		return media.Sound{}, err
	}
	return media.Speech(b)
}
