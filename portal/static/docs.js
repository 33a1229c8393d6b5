// Shows the description of this server's API; nothing is fetched from another host.
// Requests to try out are reads: a statement is signed where its author's key is.

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
  supportedSubmitMethods: ["get", "head"],
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
});
