package takeout

import (
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"loam"
	"loam/internal/media"
)

// protections reads those that stood or were asked for where the archive comes from. What a picture is
// compared by is taken anew from its bytes: an archive may name any hash. Of a recording the sound did
// not come along, so nothing can be compared with it here.
func (a *Archive) protections() ([]loam.ArchivedProtection, error) {
	if a.parts[shieldsPart] == nil {
		return nil, nil
	}
	list, err := linesOf(a, shieldsPart, isProtection)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p loam.ArchivedProtection) bool {
		return p.State != loam.ProtectionAsked && p.State != loam.ProtectionRegistered
	})
	if len(list) > loam.OpenProtections {
		return nil, damaged(fault("more protections than one account may have"))
	}
	for i := range list {
		for j := range list[i].Files {
			f := &list[i].Files[j]
			f.Sound, f.PDQ = "", ""
			if f.Picture == "" {
				continue
			}
			if f.PDQ, err = a.pdq(f.Picture); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// pdq hashes a picture of the archive.
func (a *Archive) pdq(hash string) (string, error) {
	part := a.parts[blobPart+hash]
	if part == nil {
		return "", damaged(fault("a proof without its picture"))
	}
	r, err := part.Open()
	if err != nil {
		return "", damaged(err)
	}
	data, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return "", damaged(err)
	}
	img, _, err := media.Decode(data)
	if err != nil {
		return "", damaged(err)
	}
	return media.PDQOf(img).String(), nil
}

// isProtection holds a protection to what this installation would have taken in.
func isProtection(p loam.ArchivedProtection) error {
	long := func(s string, most int) bool { return utf8.RuneCountInString(s) > most }
	switch {
	case !loam.IsID(p.ID), !slices.Contains(loam.ProtectionKinds(), p.Kind), !slices.Contains(loam.ProtectionStates(), p.State),
		p.By != loam.BySubject && p.By != loam.ByGuardian, len(p.Aliases) > loam.ProtectionAliases,
		long(p.Text, loam.ProtectionText), long(p.Subject, loam.NoticeName), long(p.Guardian, loam.NoticeName), long(p.Agreement, 20),
		len(p.Files) > loam.ProtectionExhibits, len(p.Proofs) > 0:
		return damaged(fault("a protection of no form"))
	}
	if p.State != loam.ProtectionAsked && p.State != loam.ProtectionRegistered {
		return nil // it is left behind
	}
	if len(p.Files) == 0 || slices.ContainsFunc(append([]string{p.Name}, p.Aliases...), func(s string) bool { return !loam.ProtectedName(s) }) {
		return damaged(fault("a protection without proof, or of what is no name"))
	}
	for _, f := range p.Files {
		if !loam.IsID(f.ID) || !isHash(f.Digest) || f.Picture != "" && !isHash(f.Picture) || f.Size < 0 || long(f.Holder, loam.NoticeName) || long(f.Name, 100) || long(f.Type, 100) {
			return damaged(fault("a proof of no form"))
		}
	}
	return nil
}
