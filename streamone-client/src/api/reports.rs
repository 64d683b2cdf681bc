//! Saved reports (v3).

use provider_core::{Error, ErrorKind, Result};
use provider_http::decode::from_slice;
use provider_http::{Answer, CallOptions, Downloaded, DownloadedEmbedded, Embedded, Keys, RequestSpec};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::AsyncWrite;

use super::handle;
use crate::model::{CsvChunk, CsvReport, Id, Json, Report, ReportData, ReportDateRange, ReportModule};

handle! {
    /// Saved reports. They are made in the portal; the API runs them.
    Reports
}

/// A report is computed while one waits, and its CSV arrives as one JSON string.
const REPORT_DEADLINE: Duration = Duration::from_secs(5 * 60);
const LARGEST_CSV: u64 = 512 * 1024 * 1024;

const REPORT: &str = "/api/v3/accounts/{accountId}/reports/{reportId}";
const CSV: &str = "/api/v3/accounts/{accountId}/reports/{reportId}/reportDataCsv";
const CSV_STREAM: &str = "/api/v3/accounts/{accountId}/reports/{reportId}/reportDataCsvStream";

/// What stands around the CSV of a report: members that are not `null`.
type WithoutCsv = BTreeMap<String, Option<IgnoredAny>>;

fn no_report(csv: &DownloadedEmbedded, reason: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the answer does not fit: {reason}"))
        .with_provider(crate::KIND)
        .with_http_status(csv.status.as_u16())
        .for_read()
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Found {
    #[serde(deserialize_with = "provider_core::wire::lenient::list")]
    reports: Vec<Report>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Saved {
    report_id: Option<Id>,
}

/// Which cached figures to take anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheRefresh {
    /// The first month.
    pub billing_period_start: Option<String>,
    /// The last month.
    pub billing_period_end: Option<String>,
}

impl Reports<'_> {
    /// The saved reports, without their columns: `GET /accounts/{a}/reports`. The whole list.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn list(&self, module: Option<&ReportModule>) -> Result<Vec<Report>> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/reports").query_opt("module", module);
        let found: Found = self.client.json(spec, &self.call).await?;
        Ok(found.reports)
    }

    /// One report with its columns: `GET /accounts/{a}/reports/{r}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn get(&self, report: &str, include_metadata: Option<bool>) -> Result<Report> {
        let spec =
            RequestSpec::get(REPORT).path("reportId", report).query_opt("includeMetadata", include_metadata);
        self.client.json(spec, &self.call).await
    }

    /// Runs a report: `POST /accounts/{a}/reports/{r}/reportDataCsv`. Make the body with
    /// [`Report::run_over`]; column ids belong to one saved report, so read it each time.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn csv(&self, id: &str, report: &Report) -> Result<CsvReport> {
        let spec = RequestSpec::post(CSV).json(report)?.max_body(LARGEST_CSV);
        self.run(spec, id).await
    }

    /// Reads a saved report and runs it over these days with all its columns.
    ///
    /// # Errors
    /// `NotFound`; whatever the calls end in.
    pub async fn csv_over(&self, id: &str, range: ReportDateRange) -> Result<CsvReport> {
        let report = self.get(id, None).await?;
        self.csv(id, &report.run_over(range)).await
    }

    /// Runs a report and streams its CSV to `sink`: `POST /accounts/{a}/reports/{r}/reportDataCsv`. The text
    /// is taken out of the JSON as it arrives; memory stays flat, and `bytes` of the answer counts the CSV.
    ///
    /// # Errors
    /// Whatever the call ends in; `Decode` when the answer is cut; the sink may hold a part then.
    pub async fn csv_to<W>(&self, id: &str, report: &Report, sink: &mut W) -> Result<DownloadedEmbedded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let spec = RequestSpec::post(CSV)
            .path("accountId", self.client.account_id())
            .path("reportId", id)
            .json(report)?
            .read();
        let wanted = Embedded::text("results");
        let csv = self.client.http().download_embedded(spec, &wanted, sink, &self.call).await?;
        // Unset members are left out, so a report without the text is empty; an error message is no report.
        let around: WithoutCsv =
            from_slice(&csv.around, Keys::Exact).map_err(|fault| no_report(&csv, &fault.to_string()))?;
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
    /// Whatever the call ends in; the sink may hold a part then.
    pub async fn csv_stream<W>(&self, id: &str, report: &Report, sink: &mut W) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let spec = RequestSpec::post(CSV_STREAM)
            .path("accountId", self.client.account_id())
            .path("reportId", id)
            .json(report)?
            .read();
        self.client.http().download(spec, sink, &self.call).await
    }

    /// As [`csv_stream`](Self::csv_stream), with the messages read.
    ///
    /// # Errors
    /// Whatever the call ends in; `Decode` when a message does not fit.
    pub async fn csv_chunks(&self, id: &str, report: &Report) -> Result<Vec<CsvChunk>> {
        let spec = RequestSpec::post(CSV_STREAM).json(report)?.max_body(LARGEST_CSV);
        let answer = self.send(spec.read(), id).await?;
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

    /// Runs a report for rows of typed values: `POST /accounts/{a}/reports/{r}/data`. Without a body it is
    /// run as it was saved.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn data(&self, id: &str, report: Option<&Report>) -> Result<ReportData> {
        let spec = RequestSpec::post("/api/v3/accounts/{accountId}/reports/{reportId}/data");
        let spec = match report {
            Some(report) => spec.json(report)?,
            None => spec,
        };
        self.run(spec.max_body(LARGEST_CSV), id).await
    }

    /// The columns a report would have: `POST /accounts/{a}/reports/{r}/report`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn specs(&self, id: &str, report: &Report) -> Result<Json> {
        let spec =
            RequestSpec::post("/api/v3/accounts/{accountId}/reports/{reportId}/report").json(report)?;
        self.run(spec, id).await
    }

    /// How prices and costs of a report came about: `POST /accounts/{a}/reports/{r}/details`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn details(&self, id: &str, report: &Report) -> Result<Json> {
        let spec =
            RequestSpec::post("/api/v3/accounts/{accountId}/reports/{reportId}/details").json(report)?;
        self.run(spec, id).await
    }

    /// Saves a report: `POST /accounts/{a}/reports/{r}`. Answers its id.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn save(&self, id: &str, report: &Report) -> Result<Option<Id>> {
        let spec = RequestSpec::post(REPORT).path("reportId", id).json(report)?;
        let saved: Saved = self.client.json(spec, &self.call).await?;
        Ok(saved.report_id)
    }

    /// Throws a report away: `DELETE /accounts/{a}/reports/{r}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let spec = RequestSpec::delete(REPORT).path("reportId", id);
        self.client.send(spec, &self.call).await.map(drop)
    }

    /// Takes the figures behind a report anew: `GET /accounts/{a}/providers/{p}/refreshCacheEnhanced`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn refresh_cache(&self, provider: &str, report: &str, cache: &CacheRefresh) -> Result<Json> {
        let spec =
            RequestSpec::get("/api/v3/accounts/{accountId}/providers/{providerId}/refreshCacheEnhanced")
                .path("providerId", provider)
                .query("reportId", report)
                .query_opt("billingPeriodStart", cache.billing_period_start.as_deref())
                .query_opt("billingPeriodEnd", cache.billing_period_end.as_deref());
        self.client.json(spec, &self.call).await
    }

    async fn run<T: DeserializeOwned>(&self, spec: RequestSpec, id: &str) -> Result<T> {
        self.send(spec.read(), id).await?.json()
    }

    async fn send(&self, spec: RequestSpec, id: &str) -> Result<Answer> {
        let call = match self.call.deadline {
            Some(_) => self.call.clone(),
            None => CallOptions::clone(&self.call).deadline(REPORT_DEADLINE),
        };
        self.client.send(spec.path("reportId", id), &call).await
    }
}
