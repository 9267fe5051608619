package certificate

// frame draws what stands around the page. Nothing of it is a seal or an emblem.
func (p *paper) frame(f Frame) {
	p.colour(p.accent)
	switch f {
	case "corners":
		p.corners()
	case "band":
		p.band()
	default:
		p.SetLineWidth(1.1)
		p.Rect(9, 9, pageWidth-18, pageHeight-18, "D")
		p.SetLineWidth(0.3)
		p.Rect(11.2, 11.2, pageWidth-22.4, pageHeight-22.4, "D")
	}
}

// corners draws an angle of two lines in each corner.
func (p *paper) corners() {
	for _, c := range [][4]float64{{9, 9, 1, 1}, {pageWidth - 9, 9, -1, 1}, {9, pageHeight - 9, 1, -1}, {pageWidth - 9, pageHeight - 9, -1, -1}} {
		x, y, dx, dy := c[0], c[1], c[2], c[3]
		p.SetLineWidth(1.1)
		p.Line(x, y, x+dx*34, y)
		p.Line(x, y, x, y+dy*34)
		p.SetLineWidth(0.3)
		p.Line(x+dx*3, y+dy*3, x+dx*24, y+dy*3)
		p.Line(x+dx*3, y+dy*3, x+dx*3, y+dy*24)
	}
}

// band draws a strip along the left edge.
func (p *paper) band() {
	p.Rect(0, 0, 9, pageHeight, "F")
	p.SetAlpha(0.35, "Normal")
	p.Rect(10.2, 0, 1.4, pageHeight, "F")
	p.SetAlpha(1, "Normal")
}
