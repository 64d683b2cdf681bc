//! Saved reports (v3).

use std::collections::BTreeMap;
use std::time::Duration;

use provider_core::{Error, ErrorKind, Result, records};
use provider_http::decode::from_slice;
use provider_http::{CallOptions, Downloaded, DownloadedEmbedded, Embedded, Endpoint, Keys, RequestSpec};
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::io::AsyncWrite;

use crate::client::StreamOneClient;
use crate::model::{CsvChunk, CsvReport, Id, Json, Report, ReportData, ReportDateRange, ReportModule};

/// A report is computed while one waits, and its CSV arrives as one JSON string.
const REPORT_DEADLINE: Duration = Duration::from_secs(5 * 60);
const LARGEST_CSV: u64 = 512 * 1024 * 1024;

const DATA: &str = "/api/v3/accounts/{accountId}/reports/{reportId}/data";

/// What may go without a body is written by hand.
pub(crate) const DATA_ENDPOINTS: &[Endpoint] = &[Endpoint::new("POST", DATA, "reports().data")];

provider_http::written!(&ReportModule);

provider_http::endpoints! {
    client: StreamOneClient;

    /// Saved reports. They are made in the portal; the API runs them.
    Reports as reports {
        /// The saved reports, without their columns. The whole list.
        get "/api/v3/accounts/{accountId}/reports" => list() with(module: Option<&ReportModule> = "module")
            -> reports_found Vec<Report>;

        /// One report with its columns.
        get "/api/v3/accounts/{accountId}/reports/{reportId}" => get(report: &str = "reportId")
            with(include_metadata: Option<bool> = "includeMetadata") -> fetch Report;

        /// Runs a report. Make the body with [`Report::run_over`]; column ids belong to one saved report, so read
        /// it each time.
        post "/api/v3/accounts/{accountId}/reports/{reportId}/reportDataCsv" => csv(id: &str = "reportId")
            body(report: &Report) marked(read) -> run CsvReport;

        /// Runs a report in its streamed form and reads the messages; [`csv_stream`](Self::csv_stream) hands
        /// their bytes on.
        post "/api/v3/accounts/{accountId}/reports/{reportId}/reportDataCsvStream" =>
            csv_chunks(id: &str = "reportId") body(report: &Report) marked(read) -> chunks Vec<CsvChunk>;

        /// The columns a report would have.
        post "/api/v3/accounts/{accountId}/reports/{reportId}/report" => specs(id: &str = "reportId")
            body(report: &Report) marked(read) -> run Json;

        /// How prices and costs of a report came about.
        post "/api/v3/accounts/{accountId}/reports/{reportId}/details" => details(id: &str = "reportId")
            body(report: &Report) marked(read) -> run Json;

        /// Saves a report, as far as this version knows its members. Answers its id.
        post "/api/v3/accounts/{accountId}/reports/{reportId}" => save(id: &str = "reportId")
            body(report: &Report) -> saved Option<Id>;

        /// Deletes a report.
        delete "/api/v3/accounts/{accountId}/reports/{reportId}" => delete(id: &str = "reportId") -> send ();

        /// Refreshes the figures behind a report, of these months.
        get "/api/v3/accounts/{accountId}/providers/{providerId}/refreshCacheEnhanced" =>
            refresh_cache(provider: &str = "providerId")
            with(report: &str = "reportId", first_month: Option<&str> = "billingPeriodStart",
                last_month: Option<&str> = "billingPeriodEnd")
            -> fetch Json;
    }
}

/// What stands around the CSV of a report: members that are not `null`.
type WithoutCsv = BTreeMap<String, Option<IgnoredAny>>;

fn no_report(csv: &DownloadedEmbedded, reason: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the answer does not fit: {reason}"))
        .with_provider(crate::KIND)
        .with_http_status(csv.status.as_u16())
        .for_read()
}

impl Reports {
    /// Reads a saved report and runs it over these days with all its columns: `GET /accounts/{a}/reports/{r}`, then
    /// `POST /accounts/{a}/reports/{r}/reportDataCsv`. A large report is better streamed: [`csv_to`](Self::csv_to).
    ///
    /// # Errors
    /// `NotFound`; any error of the calls.
    pub async fn csv_over(&self, id: &str, range: ReportDateRange) -> Result<CsvReport> {
        let report = self.get(id, None).await?;
        self.csv(id, &report.run_over(range)).await
    }

    /// Runs a report and streams its CSV to `sink`: `POST /accounts/{a}/reports/{r}/reportDataCsv`. The text
    /// is taken out of the JSON as it arrives; memory stays flat, and `bytes` of the answer counts the CSV.
    ///
    /// # Errors
    /// Any error of the call; `Decode` when the answer is cut; the sink may hold a part then.
    pub async fn csv_to<W>(&self, id: &str, report: &Report, sink: &mut W) -> Result<DownloadedEmbedded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let spec = reports::csv(id, report)?.path("accountId", self.client.account_id());
        let wanted = Embedded::text("results");
        let csv = self.client.http().download_embedded(spec, &wanted, sink, &self.call).await?;
        // Unset members are left out, so a report without the text is empty; an error message is no report.
        let around: WithoutCsv =
            from_slice(&csv.around, Keys::Exact).map_err(|error| no_report(&csv, &error.to_string()))?;
        let holds = |name: &str| around.get(name).is_some_and(Option::is_some);
        if !csv.found && holds("error") {
            return Err(no_report(&csv, "it is an error with the status of a success"));
        }
        if !csv.found && holds("results") {
            return Err(no_report(&csv, "results: is no text"));
        }
        Ok(csv)
    }

    /// Runs a report in its streamed form: `POST /accounts/{a}/reports/{r}/reportDataCsvStream`. The bytes
    /// go to `sink` as the service sends them: a JSON message with `contentType` and `data`, or several of
    /// them one after the other. [`csv_chunks`](Self::csv_chunks) reads them.
    ///
    /// # Errors
    /// Any error of the call; the sink may hold a part then.
    pub async fn csv_stream<W>(&self, id: &str, report: &Report, sink: &mut W) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let spec = reports::csv_chunks(id, report)?.path("accountId", self.client.account_id());
        self.client.http().download(spec, sink, &self.call).await
    }

    /// Runs a report for rows of typed values. Without a body it is run as it was saved.
    ///
    /// `post /api/v3/accounts/{accountId}/reports/{reportId}/data`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn data(&self, id: &str, report: Option<&Report>) -> Result<ReportData> {
        let spec = RequestSpec::post(DATA).path("reportId", id);
        let spec = match report {
            Some(report) => spec.json(report)?,
            None => spec,
        };
        self.client.run(spec.read(), &self.call).await
    }
}

records! {
    #![serde(rename_all = "camelCase")]

    struct Found {
        reports: Vec<Report>,
    }

    struct Saved {
        report_id: Option<Id>,
    }
}

impl StreamOneClient {
    async fn reports_found(&self, spec: RequestSpec, call: &CallOptions) -> Result<Vec<Report>> {
        Ok(self.fetch::<Found>(spec, call).await?.reports)
    }

    async fn saved(&self, spec: RequestSpec, call: &CallOptions) -> Result<Option<Id>> {
        Ok(self.fetch::<Saved>(spec, call).await?.report_id)
    }

    /// Waits for a report for as long as one takes.
    async fn run<T: DeserializeOwned>(&self, spec: RequestSpec, call: &CallOptions) -> Result<T> {
        self.fetch(spec.max_body(LARGEST_CSV), &patient(call)).await
    }

    async fn chunks(&self, spec: RequestSpec, call: &CallOptions) -> Result<Vec<CsvChunk>> {
        let answer = self.answer(spec.max_body(LARGEST_CSV), &patient(call)).await?;
        serde_json::Deserializer::from_slice(&answer.bytes)
            .into_iter::<CsvChunk>()
            .collect::<Result<_, _>>()
            .map_err(|e| {
                let reason = if e.is_eof() {
                    "a message of the stream is cut"
                } else {
                    "a message of the stream does not fit"
                };
                answer.error(ErrorKind::Decode, reason)
            })
    }
}

fn patient(call: &CallOptions) -> CallOptions {
    match call.deadline {
        Some(_) => call.clone(),
        None => call.clone().deadline(REPORT_DEADLINE),
    }
}
