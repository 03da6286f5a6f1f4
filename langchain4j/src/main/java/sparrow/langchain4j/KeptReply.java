package sparrow.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.interleave.Unit;
import sparrow.formats.text.TextStream;
import sparrow.models.SpokenModel;

/**
 * The units of a reply, kept in an attribute of its message. With them the next turn follows the reply itself, sound
 * included, and its keys and values are still there.
 */
final class KeptReply {
    /** The attribute: a list of numbers, and of lists of numbers for frames, so that a chat memory can store it as JSON. */
    static final String UNITS_KEY = "sparrow_reply_units";

    private KeptReply() {}

    /** Returns the attribute for a reply of these units. */
    static List<Object> kept(List<Unit> units) {
        return units.stream()
                .<Object>map(unit -> switch (unit) {
                    case Unit.Token(int id) -> id;
                    case Unit.Frame(List<Integer> codes) -> codes;
                })
                .toList();
    }

    /**
     * Returns the units of a message. They are the kept ones, if these are units of this model and still give the text
     * of the message, and those of its text otherwise: for an edited message, and for a reply of another model.
     */
    static List<Unit> units(SpokenModel model, AiMessage message) {
        String text = message.text() == null ? "" : message.text();
        if (message.attributes().get(UNITS_KEY) instanceof List<?> kept) {
            Optional<List<Unit>> units = units(model, kept);
            if (units.isPresent() && text(model, units.get()).equals(text)) return units.get();
        }
        return model.replyUnits(text);
    }

    /** Empty if one is none of this model. */
    private static Optional<List<Unit>> units(SpokenModel model, List<?> kept) {
        List<Unit> units = new ArrayList<>();
        try {
            for (Object one : kept) {
                Unit unit = one instanceof List<?> codes
                        ? new Unit.Frame(codes.stream().map(KeptReply::number).toList())
                        : new Unit.Token(number(one));
                model.languageModel().units().input(unit);
                units.add(unit);
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
        return Optional.of(units);
    }

    private static int number(Object value) {
        if (value instanceof Number number) return Math.toIntExact(number.longValue());
        throw new IllegalArgumentException("expected a number, got " + value);
    }

    private static String text(SpokenModel model, List<Unit> units) {
        TextStream stream = model.textStream();
        StringBuilder text = new StringBuilder();
        for (Unit unit : units) {
            model.languageModel().units().text(unit).ifPresent(id -> text.append(stream.accept(id)));
        }
        return text.append(stream.finish()).toString();
    }
}
