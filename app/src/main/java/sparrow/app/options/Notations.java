package sparrow.app.options;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sparrow.engine.exit.ExitPlan;
import sparrow.models.SpokenModels;
import sparrow.models.chat.TruncationStrategy;
import sparrow.models.gguf.AudioQuantisation;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.tensor.kernel.KvFormat;

/** Converters for option values whose types have a text notation. */
public final class Notations {
    private Notations() {}

    /** Registers converters for the notations of the engine and the models. */
    public static CommandLine install(CommandLine commands) {
        return commands.registerConverter(ExitPlan.class, of(ExitPlan::parse))
                .registerConverter(KvFormat.class, of(KvFormat::parse))
                .registerConverter(DeviceChoice.class, of(DeviceChoice::parse))
                .registerConverter(Quantisation.class, of(Quantisation::of))
                .registerConverter(AudioQuantisation.class, of(AudioQuantisation::of))
                .registerConverter(MatrixChoice.class, of(MatrixChoice::parse))
                .registerConverter(FlowSchedule.class, of(FlowSchedule::parse))
                .registerConverter(TruncationStrategy.class, of(TruncationStrategy::parse))
                .registerConverter(PublishedModel.class, of(SpokenModels::published));
    }

    /**
     * Returns the converter for a notation.
     *
     * @param parse a parser that throws an {@link IllegalArgumentException} if the text is invalid
     */
    public static <T> ITypeConverter<T> of(Function<String, T> parse) {
        return value -> {
            try {
                return parse.apply(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }
}
