package sparrow.study.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.HeatMapStyler;
import sparrow.app.report.ChartException;
import sparrow.app.report.ChartImage;

/**
 * A grid of cells coloured by value, dark for small and light for large values.
 *
 * @param title title with the unit
 * @param x title of the horizontal axis
 * @param y title of the vertical axis
 * @param columns column names from left to right
 * @param rows row names from bottom to top
 * @param values [rows][columns], in a range suitable for whole-number labels, such as percent; NaN if there is no value
 */
public record HeatMap(String title, String x, String y, List<String> columns, List<String> rows, double[][] values)
        implements Chart {
    private static final int WIDTH = 900;

    private static final int HEIGHT_OF_FRAME = 150;
    private static final int HEIGHT_OF_ROW = 34;

    /** Minimum width of a column for its name, in pixels. */
    private static final int WIDTH_OF_NAME = 24;

    /** Colour steps that also differ in greyscale (cividis: Nunez, Anderton and Renslow, 2018). */
    private static final Color[] COLOURS = {
        new Color(0x00204D), new Color(0x414D6B), new Color(0x7C7B78), new Color(0xBCAF6F), new Color(0xFFEA46)
    };

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public byte[] png() throws ChartException {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(WIDTH)
                .height(HEIGHT_OF_FRAME + HEIGHT_OF_ROW * rows.size())
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        style(chart.getStyler());
        List<Number[]> cells = cells();
        chart.addSeries(title, columns, rows, cells);
        // The range is rounded to whole numbers because the legend displays all digits of its ends.
        DoubleSummaryStatistics range =
                cells.stream().mapToDouble(cell -> cell[2].doubleValue()).summaryStatistics();
        chart.getStyler().setMin(Math.floor(range.getMin()));
        chart.getStyler().setMax(Math.ceil(range.getMax()));
        return ChartImage.png(List.of(chart), 2);
    }

    private List<Number[]> cells() {
        List<Number[]> cells = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                double value = values[row][column];
                if (!Double.isNaN(value)) cells.add(new Number[] {column, row, value});
            }
        }
        return cells;
    }

    private static void style(HeatMapStyler styler) {
        ChartImage.style(styler);
        styler.setRangeColors(COLOURS);
        styler.setXAxisTickMarkSpacingHint(WIDTH_OF_NAME);
        styler.setYAxisTickMarkSpacingHint(HEIGHT_OF_ROW / 2);
        styler.setPlotContentSize(1);
        styler.setDrawBorder(false);
    }
}
