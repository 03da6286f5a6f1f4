package sparrow.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sparrow.models.gguf.Quantisation;

/** Reads {@code --quant}. */
final class QuantisationConverter implements ITypeConverter<Quantisation> {
    @Override
    public Quantisation convert(String value) {
        try {
            return Quantisation.of(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
