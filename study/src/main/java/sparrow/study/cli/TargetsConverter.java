package sparrow.study.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sparrow.study.heads.Targets;

/** Reads what a store keeps of the last layer. */
final class TargetsConverter implements ITypeConverter<Targets> {
    @Override
    public Targets convert(String text) {
        try {
            return Targets.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
