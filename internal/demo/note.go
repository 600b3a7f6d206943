package demo

import (
	"bytes"
	"image/jpeg"
	"slices"

	"loam"
)

// Carousel is all pages of a note, the cover first.
func (n Note) Carousel() []Page {
	cover := Page{Page: loam.Page{Kind: loam.PageCover, Title: n.Title, Sub: n.Sub}}
	if n.Photo != nil {
		cover.Scene, cover.Alt = n.Photo, n.Alt
		if n.bare() {
			cover.Page = loam.Page{Kind: loam.PagePhoto}
		}
	}
	return append([]Page{cover}, n.Pages...)
}

// bare reports a photo cover without its title on it: one in three, and whatever another
// note copies or is a copy.
func (n Note) bare() bool {
	return n.After != "" || n.Removed != nil || n.Photo.Name == "lake" || dice(n.Key, "cover").IntN(3) == 0
}

// Pictures draws the note's photos.
func (n Note) Pictures() ([]Picture, error) {
	var out []Picture
	for i, p := range n.Carousel() {
		if p.Scene == nil {
			continue
		}
		var data bytes.Buffer
		if err := jpeg.Encode(&data, p.Scene.Draw(), &jpeg.Options{Quality: 84}); err != nil {
			return nil, err
		}
		out = append(out, Picture{Page: i, Alt: p.Alt, JPEG: data.Bytes()})
	}
	return out, nil
}

// Draft is the note on the studio table. Assets are the ids of its uploaded Pictures by
// page; generation is the model call its body came from, if a model wrote it.
func (n Note) Draft(assets map[int]string, generation string) loam.Draft {
	body := loam.Run{Text: n.Body, Origin: loam.ByPerson}
	writer := "offline"
	if n.Model {
		body.Origin, body.Generation = loam.ByModel, generation
		writer = "示例模型"
	}
	d := loam.Draft{
		Kind: n.Kind, Idea: n.Idea, Answers: append([]loam.Answer{}, n.Answers...), Style: n.Style, Writer: writer,
		Title: []loam.Run{{Text: n.Title, Origin: loam.ByPerson}}, Body: []loam.Run{body},
		Tags: slices.Clone(n.Tags), Pictures: []loam.Picture{},
	}
	for i, p := range n.Carousel() {
		page := p.Page
		if p.Scene != nil {
			if page.Kind == loam.PageCover {
				page.Photos = []loam.Photo{{Asset: assets[i]}}
			} else {
				page.Asset = assets[i]
			}
			d.Pictures = append(d.Pictures, loam.Picture{Asset: assets[i], Alt: p.Alt})
		}
		d.Pages = append(d.Pages, page)
	}
	return d
}

// Choice is what its creator chose on submitting; the draft's revision is the World's.
func (n Note) Choice() loam.Choice {
	c := loam.Choice{AI: n.AI || n.Model, Sponsorship: n.Sponsor, Audience: loam.Public, Uses: map[loam.Use]bool{}}
	for _, u := range loam.Uses() {
		c.Uses[u] = u == loam.UseIndex || u == loam.UseRecommend || slices.Contains(n.Uses, u)
	}
	return c
}
