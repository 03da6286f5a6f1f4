package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import sparrow.formats.StrictJson;
import sparrow.models.Question;
import sparrow.study.folder.RunJson;

/**
 * Converts records to and from CBOR (RFC 8949), for messages between processes of the same build. Numbers are preserved
 * exactly. A message must contain every component of a record, and nothing else. A length in a message does not
 * allocate memory before its bytes have arrived. A message can select only classes named by a sealed interface, and
 * Sparrow's jobs.
 *
 * @param <T> a task of a job
 * @param <R> a result of a task
 */
public final class Messages<T, R> {
    private static final ObjectMapper CBOR = mapper();

    private final JavaType task;
    private final JavaType results;

    /** Defines the names of question types in messages. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "question")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "spoken", value = Question.Spoken.class),
        @JsonSubTypes.Type(name = "codes", value = Question.Codes.class),
        @JsonSubTypes.Type(name = "embeddings", value = Question.Embeddings.class),
        @JsonSubTypes.Type(name = "typed", value = Question.Typed.class)
    })
    private interface QuestionTypes {}

    /** Allows only job classes to be loaded. */
    private static final class JobClasses extends PolymorphicTypeValidator.Base {
        private static final long serialVersionUID = 1;
        private static final Pattern NAME = Pattern.compile("sparrow\\.[a-z.]+\\.[\\w$]+Job");

        @Override
        public Validity validateSubClassName(MapperConfig<?> config, JavaType base, String name) {
            return NAME.matcher(name).matches() ? Validity.ALLOWED : Validity.DENIED;
        }
    }

    private static ObjectMapper mapper() {
        return CBORMapper.builder()
                .typeFactory(TypeFactory.defaultInstance().withClassLoader(Job.class.getClassLoader()))
                .polymorphicTypeValidator(new JobClasses())
                .addModule(RunJson.ownTypes())
                .addMixIn(Question.class, QuestionTypes.class)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.AUTO_DETECT_IS_GETTERS)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /** Creates a converter for a job, with the task and result types declared by its class. */
    public Messages(Job<T, R> job) {
        TypeFactory types = CBOR.getTypeFactory();
        JavaType[] declared = types.findTypeParameters(types.constructType(job.getClass()), Job.class);
        task = declared[0];
        results = types.constructCollectionType(List.class, declared[1]);
    }

    /** Converts a task to bytes. */
    public byte[] ofTask(T value) {
        return bytes(CBOR.writerFor(task), value);
    }

    /**
     * Converts bytes to a task.
     *
     * @throws BadMessageException if the bytes are not a task of the job
     */
    public T task(byte[] bytes) {
        return read(CBOR.readerFor(task), bytes, task);
    }

    /** Converts the results of a task to bytes. */
    public byte[] ofResults(List<R> values) {
        return bytes(CBOR.writerFor(results), values);
    }

    /**
     * Converts bytes to results.
     *
     * @throws BadMessageException if the bytes are not results of the job
     */
    public List<R> results(byte[] bytes) {
        return read(CBOR.readerFor(results), bytes, results);
    }

    /** Converts a record to bytes. */
    public static byte[] of(Object value) {
        return bytes(CBOR.writer(), value);
    }

    /**
     * Converts bytes to a record.
     *
     * @throws BadMessageException if the bytes are not a record of this type
     */
    public static <X> X read(byte[] bytes, Class<X> type) {
        return read(CBOR.readerFor(type), bytes, CBOR.constructType(type));
    }

    private static byte[] bytes(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // Cannot happen for our own records.
        }
    }

    private static <X> X read(ObjectReader reader, byte[] bytes, JavaType type) {
        try {
            X value = reader.readValue(bytes);
            if (value != null) return value;
        } catch (IOException e) {
            throw bad(type, StrictJson.fault(e));
        }
        throw bad(type, "null");
    }

    private static BadMessageException bad(JavaType type, String found) {
        return new BadMessageException("message of " + type.toCanonical().replaceAll("[a-z0-9]+\\.", "") + ": "
                + found.lines().findFirst().orElse(""));
    }
}
