package sparrow.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sparrow.engine.decode.HeadRows;

/** Reads the rows of the output matrix from the command line. */
final class HeadRowsConverter implements ITypeConverter<HeadRows> {
    @Override
    public HeadRows convert(String value) {
        try {
            return HeadRows.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
