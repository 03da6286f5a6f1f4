package sparrow.study.report;

import sparrow.app.report.ChartException;

/** A chart of values. */
public sealed interface Chart permits HeatMap, PointChart {
    /** Returns the chart's title. */
    String title();

    /** Returns the width before scaling, in pixels. */
    int width();

    /**
     * Returns the chart as a PNG file, scaled by two.
     *
     * @throws ChartException if this Java runtime cannot draw
     */
    byte[] png() throws ChartException;
}
