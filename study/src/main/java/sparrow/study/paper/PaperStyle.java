package sparrow.study.paper;

/** The style sheet of the page's cards, intervals and strips. */
final class PaperStyle {
    static final String CSS = """
            :root { --good: #1d6b57; --bad: #a8402e; --open: #8a6a14; --cell: #2f6fab; }
            @media (prefers-color-scheme: dark) {
              :root { --good: #6fc3a8; --bad: #e58a77; --open: #d8b65c; --cell: #6ea8dc; } }
            body { max-width: 62rem; }
            .headline { font-size: 1.55rem; line-height: 1.35; margin: 1.6rem 0; max-width: 50rem; }
            .origin { color: var(--quiet); }
            .marks { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; padding: 0; }
            .marks a { display: block; padding: .15rem .6rem; border: 1px solid; border-radius: 1rem; text-decoration: none;
              color: var(--quiet); }
            .card { border-top: 1px solid var(--line); padding: 1.4rem 0 1.2rem; }
            .card header { display: flex; gap: .7rem; color: var(--quiet); }
            .card .section { margin-left: auto; white-space: nowrap; }
            .card.holds header span:not(.section), .marks a.holds { color: var(--good); }
            .card.does-not-hold header span:not(.section), .marks a.does-not-hold { color: var(--bad); }
            .card.inconclusive header span:not(.section), .marks a.inconclusive { color: var(--open); }
            blockquote { margin: .7rem 0; font: 1.2rem/1.45 Georgia, serif; max-width: 50rem; }
            .rule { color: var(--quiet); margin: .5rem 0 1rem; }
            .card figure { margin-top: 1rem; }
            .findings h4 { margin: .9rem 0 .2rem; font-weight: 400; font-size: .85rem; color: var(--quiet); }
            .finding { display: grid; grid-template-columns: minmax(0, 1fr) 240px minmax(10rem, 14rem); gap: 1rem;
              align-items: center; font-size: .9rem; --tone: var(--quiet); }
            .finding.holds { --tone: var(--good); } .finding.does-not-hold { --tone: var(--bad); }
            .finding.inconclusive { --tone: var(--open); }
            .finding span { overflow-wrap: anywhere; }
            .finding .value { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .finding svg { width: 100%; height: 18px; }
            line { stroke: var(--line); } line.bound { stroke: var(--ink); stroke-dasharray: 2 2; }
            line.interval { stroke: var(--tone); stroke-width: 2.5; } circle { fill: var(--tone); }
            .listen { margin: .8rem 0 0; font-size: .9rem; } a { color: var(--mark); }
            .strips { margin: 0 0 2rem; } .strips h3 { font-weight: 400; font-size: 1.05rem; margin: 1.2rem 0 .5rem; }
            .strip { display: grid; grid-template-columns: 8.5rem 364px 1fr; gap: .1rem 1rem; align-items: center;
              margin: .5rem 0; }
            .strip .said { grid-column: 2 / -1; color: var(--quiet); font-size: .85rem; }
            .sound { color: var(--quiet); font-size: .85rem; }
            .cells { width: 100%; max-width: 364px; font: 9px ui-monospace, monospace; text-anchor: middle; }
            .cells rect { fill: var(--band); stroke: var(--line); } .cells rect.full { fill: var(--cell); stroke: none; }
            .cells text { fill: var(--ink); } .cells rect.full + text { fill: var(--paper); }
            .cells rect.differs { stroke: var(--bad); stroke-width: 2; }
            .schedule { width: 400px; max-width: 100%; font-size: 12px; fill: var(--ink); }
            .schedule .end { text-anchor: end; } .schedule .middle { text-anchor: middle; }
            .schedule .run { fill: var(--cell); } .schedule .later { fill: none; stroke: var(--cell); stroke-dasharray: 3 3; }
            .schedule .exit { stroke: var(--quiet); stroke-dasharray: 4 3; }
            audio { max-width: 100%; }
            @media (max-width: 46rem) {
              .headline { font-size: 1.25rem; }
              .finding, .strip { grid-template-columns: minmax(0, 1fr); gap: .15rem; margin: .5rem 0 .8rem; }
              .finding .value { text-align: left; white-space: normal; } .strip .said { grid-column: 1; }
            }
            """;

    private PaperStyle() {}
}
