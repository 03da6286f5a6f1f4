package sparrow.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sparrow.engine.decode.SpeechLogits;

/** Reads the rows of the output matrix from the command line. */
final class SpeechLogitsConverter implements ITypeConverter<SpeechLogits> {
    @Override
    public SpeechLogits convert(String value) {
        try {
            return SpeechLogits.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
