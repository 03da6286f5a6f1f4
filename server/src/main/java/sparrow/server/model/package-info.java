/**
 * The model over HTTP: information ({@link sparrow.server.model.ModelsEndpoint}), status
 * ({@link sparrow.server.model.StatusEndpoint}), sample questions, and conversion of codes without the language model
 * ({@link sparrow.server.model.TokensEndpoint}).
 */
package sparrow.server.model;
