package intake

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

// The limits of what a person writes beside notes.
const (
	MaxComment = 1000 // characters
	MaxBio     = 200
	maxLines   = 20
	maxBioLine = 5
)

const (
	// alikeFor is how long a comment is not to be repeated, alikeOf how many of the latest it
	// is compared with, and alike from which similarity on it is the same.
	alikeFor = 24 * time.Hour
	alikeOf  = 50
	alike    = 0.8
)

// Comment freezes a comment: exactly these words on a note, in answer to another comment if
// parent is not empty. The words are not changed but for the space around them and the line
// ends of forms; what cannot be shown safely is refused. What she said in the last day is not
// said again.
func (d *Desk) Comment(ctx context.Context, owner, key, note, parent, words string) (loam.Version, error) {
	words = plainLines(words)
	if n := utf8.RuneCountInString(words); n == 0 || n > MaxComment {
		return loam.Version{}, loam.Fail(loam.Invalid, "comment.length", MaxComment)
	}
	if !showable(words, maxLines) {
		return loam.Version{}, loam.Fail(loam.Invalid, "comment.unshowable", maxLines)
	}
	key = "comment\n" + key // no header holds a line end, so no note has such a key
	recent, err := d.Store.RecentComments(ctx, owner, key, d.Clock().Add(-alikeFor).UnixMilli(), alikeOf)
	if err != nil {
		return loam.Version{}, err
	}
	for _, r := range recent {
		if repeats(words, r) {
			return loam.Version{}, loam.Fail(loam.Conflict, "comment.same")
		}
	}
	content := loam.Content{Form: loam.FormComment, On: note, Parent: parent, Body: words}
	s, err := d.text(ctx, owner, content, words)
	if err != nil {
		return loam.Version{}, err
	}
	return d.Store.SubmitText(ctx, key, s)
}

// Profile freezes the next version of an account's profile: her display name and what she
// says of herself.
func (d *Desk) Profile(ctx context.Context, owner, name, bio string) (loam.Version, error) {
	if err := loam.CheckName(name); err != nil {
		return loam.Version{}, err
	}
	if _, _, found := text.Unshowable(name); found {
		return loam.Version{}, loam.Fail(loam.Invalid, "name.invalid")
	}
	bio = plainLines(bio)
	if utf8.RuneCountInString(bio) > MaxBio {
		return loam.Version{}, loam.Fail(loam.TooLarge, "bio.length", MaxBio)
	}
	if !showable(bio, maxBioLine) {
		return loam.Version{}, loam.Fail(loam.Invalid, "bio.unshowable", maxBioLine)
	}
	s, err := d.text(ctx, owner, loam.Content{Form: loam.FormProfile, Title: name, Body: bio}, name, bio)
	if err != nil {
		return loam.Version{}, err
	}
	return d.Store.SubmitText(ctx, "profile\n", s)
}

// text is a submission of words alone, their origins found as a note's are.
func (d *Desk) text(ctx context.Context, owner string, c loam.Content, words ...string) (loam.Submission, error) {
	var all []loam.Run
	c.TextAI = loam.NotAI
	for _, w := range words {
		runs, err := d.Trace(ctx, owner, w)
		if err != nil {
			return loam.Submission{}, err
		}
		c.TextAI = c.TextAI.Stronger(d.TextAI(loam.Draft{Body: runs}, false))
		all = append(all, runs...)
	}
	if err := d.suspect(ctx, owner, &c); err != nil {
		return loam.Submission{}, err
	}
	if c.TextAI != loam.NotAI && !d.Producer {
		return loam.Submission{}, loam.Fail(loam.Conflict, "label.producer_missing")
	}
	c.Share = loam.ShareOf(all)
	c.Tags, c.Pages, c.Assets = []string{}, []loam.Page{}, []loam.AssetRef{}
	c.Declaration = loam.Declaration{AI: c.TextAI == loam.IsAI, Locked: c.TextAI == loam.IsAI}
	c.Uses, c.Audience = everyUse(nil), loam.Public
	return loam.Submission{Owner: owner, Content: c}, nil
}

// plainLines are words as a form sends them, with the line ends of text.
func plainLines(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// showable reports whether words can stand among others' words: valid, no more lines than
// so many, no control characters, nothing that turns the direction of what follows, no marks
// piled on a letter.
func showable(s string, lines int) bool {
	_, _, found := text.Unshowable(s)
	return !found && utf8.ValidString(s) && strings.Count(s, "\n") < lines && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n'
	})
}

// repeats reports whether two texts say the same: letter for letter but for punctuation and
// disguise, or nearly so where they are long enough to tell.
func repeats(a, b string) bool {
	if x, y := letters(a), letters(b); x == y {
		return x != "" || a == b
	}
	return text.LettersOf(a).Similarity(text.LettersOf(b)) >= alike
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text.Fold(s).String())
}
