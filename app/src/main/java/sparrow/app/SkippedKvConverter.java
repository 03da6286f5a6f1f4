package sparrow.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sparrow.engine.exit.SkippedKv;

/** Reads a treatment of skipped layers from the command line. */
public final class SkippedKvConverter implements ITypeConverter<SkippedKv> {
    @Override
    public SkippedKv convert(String value) {
        try {
            return SkippedKv.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
