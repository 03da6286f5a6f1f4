package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import sparrow.engine.interleave.Unit;

/** A part of an item. Clients receive it without its sound. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Content permits Content.InputText, Recording, Content.OutputText, Content.OutputAudio {
    /** A text of the user or the system. */
    @JsonTypeName("input_text")
    record InputText(String text) implements Content {}

    /** A text of the model. */
    @JsonTypeName("output_text")
    record OutputText(String text, @JsonIgnore List<Unit> units) implements Content {}

    /** Speech of the model. */
    @JsonTypeName("output_audio")
    record OutputAudio(
            String transcript,
            @JsonIgnore List<Unit> units,
            @JsonIgnore long ms) implements Content {}

    /** The place of a part in the items of a conversation. */
    record Key(String itemId, int contentIndex) {}
}
