package sparrow.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sparrow.engine.exit.ExitPolicy;

/** Reads an exit policy from the command line. */
final class PolicyConverter implements ITypeConverter<ExitPolicy> {
    @Override
    public ExitPolicy convert(String value) {
        try {
            return ExitPolicy.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
