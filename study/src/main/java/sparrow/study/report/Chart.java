package sparrow.study.report;

import sparrow.app.report.ChartException;

/** A picture of figures. */
public sealed interface Chart permits HeatMap, PointChart {
    /** Its subject. */
    String title();

    /** Pixels across, before scaling. */
    int width();

    /**
     * The picture as a PNG file of two pixels for one.
     *
     * @throws ChartException if this Java cannot draw
     */
    byte[] png() throws ChartException;
}
