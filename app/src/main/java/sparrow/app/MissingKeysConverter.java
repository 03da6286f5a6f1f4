package sparrow.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sparrow.engine.exit.MissingKeys;

/** Reads a treatment of skipped layers from the command line. */
final class MissingKeysConverter implements ITypeConverter<MissingKeys> {
    @Override
    public MissingKeys convert(String value) {
        try {
            return MissingKeys.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
