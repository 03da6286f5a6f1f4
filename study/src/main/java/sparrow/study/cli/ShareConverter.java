package sparrow.study.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a share: {@code 5%} or {@code 0.05}. */
final class ShareConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
        boolean percent = text.endsWith("%");
        try {
            double value = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
            return percent ? value / 100 : value;
        } catch (NumberFormatException e) {
            throw new TypeConversionException("expected a share such as 5% or 0.05, got \"" + text + "\"");
        }
    }
}
